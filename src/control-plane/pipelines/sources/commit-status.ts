import type { ExecutionState } from "../../../pipelines/execution/state.ts";
import { hostedRepository } from "./source-access.ts";

/** A call that tells a host of repositories how a commit fares. */
export interface StatusCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, string>>;
}

/** The call for the state of an execution; `undefined` when its source is at neither host. */
export function toStatusCall(state: ExecutionState, token: string): StatusCall | undefined {
  const repository = hostedRepository(state.pipeline.source);
  if (repository === undefined) return undefined;
  const { owner, name } = repository;
  const { commit } = state.trigger;
  const context = `copilot/${state.pipeline.application}/${state.pipeline.name}`;
  const description = describe(state);
  if (repository.host === "github") {
    return {
      url: `https://api.github.com/repos/${owner}/${name}/statuses/${commit}`,
      headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json" },
      body: { state: githubStates[state.status], context, description },
    };
  }
  return {
    url: `https://api.bitbucket.org/2.0/repositories/${owner}/${name}/commit/${commit}/statuses/build`,
    headers: { authorization: `Bearer ${token}` },
    body: {
      state: bitbucketStates[state.status],
      key: context.slice(-40),
      name: context,
      description,
      url: `https://bitbucket.org/${owner}/${name}`,
    },
  };
}

const githubStates = { "in-progress": "pending", succeeded: "success", failed: "failure", stopped: "error", superseded: "error" } as const;
const bitbucketStates = {
  "in-progress": "INPROGRESS",
  succeeded: "SUCCESSFUL",
  failed: "FAILED",
  stopped: "STOPPED",
  superseded: "STOPPED",
} as const;

function describe(state: ExecutionState): string {
  const failed = state.stages.flatMap(({ name, actions }) =>
    actions.filter(({ status }) => status === "failed").map((action) => `${name}: ${action.name}`),
  );
  if (state.status === "failed") return `Failed at ${failed[0] ?? "a stage"}`.slice(0, 140);
  if (state.status === "in-progress") return `Execution ${state.number} is under way`;
  return `Execution ${state.number} ${state.status}`;
}

/** Sends the call; a refusal is told and changes nothing. */
export async function sendStatus(call: StatusCall, fetch: typeof globalThis.fetch, warn: (message: string) => void): Promise<void> {
  try {
    const answer = await fetch(call.url, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "copilot", ...call.headers },
      body: JSON.stringify(call.body),
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) warn(`The status of commit ${call.url} was not taken: ${answer.status}`);
  } catch (error) {
    warn(`The status of commit ${call.url} was not taken: ${error instanceof Error ? error.message : String(error)}`);
  }
}
