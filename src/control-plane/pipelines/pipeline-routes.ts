import { Hono, type Context } from "hono";
import { Problem } from "../../model/problem.ts";
import type { ExecutionState } from "../../pipelines/execution/state.ts";
import { found, streamAnswer } from "../api/answers.ts";
import { logFile, type PipelineKey } from "./execution-store.ts";
import { followExecution, followLogs } from "./follow.ts";
import { pendingChanges, type DeployedDocument } from "./pending-changes.ts";
import type { Pipelines } from "./pipelines.ts";
import { readApproval, readExecutionRequest, readRegistration, readRetry, readSecretBody, readStop } from "./read-request.ts";
import { decisionsAbout } from "./workload-decisions.ts";

/** What the routes of pipelines are answered with. */
export interface PipelineRouteParts {
  readonly pipelines: Pipelines;
  readonly folder: (key: PipelineKey, number: number) => string;
  readonly deployed: DeployedDocument;
  readonly putSecret: (application: string, name: string, secret: { readonly value: string; readonly overwrite: boolean }) => Promise<void>;
  /** Rejects with a Problem when there is no such application or environment. */
  readonly checkPlace: (application: string, environments: readonly string[]) => void;
}

/** The calls that `src/pipelines/pipeline-api.ts` lists. */
export function pipelineRoutes(parts: PipelineRouteParts): Hono {
  const routes = new Hono();
  definitionRoutes(routes, parts);
  executionRoutes(routes, parts);
  decisionRoutes(routes, parts);
  return routes;
}

const at = "/applications/:app/pipelines";

const keyOf = (context: Context): PipelineKey => ({ application: context.req.param("app") ?? "", name: context.req.param("name") ?? "" });

function definitionRoutes(routes: Hono, { pipelines, putSecret, checkPlace }: PipelineRouteParts): void {
  routes.get(at, async (context) => context.json(await pipelines.list(context.req.param("app"))));
  routes.get(`${at}/:name`, async (context) => context.json(known(keyOf(context), await pipelines.describe(keyOf(context)))));
  routes.put(`${at}/:name`, async (context) => {
    const registration = await readRegistration(context, keyOf(context));
    checkPlace(
      registration.pipeline.application,
      registration.pipeline.stages.flatMap(({ environment }) => (environment === undefined ? [] : [environment])),
    );
    return context.json(await pipelines.register(registration));
  });
  routes.delete(`${at}/:name`, async (context) => {
    known(keyOf(context), await pipelines.describe(keyOf(context)));
    await pipelines.remove(keyOf(context), context.req.query("user") ?? "unknown");
    return context.body(null, 204);
  });
  routes.put("/applications/:app/pipeline-secrets/:name", async (context) => {
    checkPlace(context.req.param("app"), []);
    await putSecret(context.req.param("app"), context.req.param("name"), await readSecretBody(context));
    return context.body(null, 204);
  });
}

const known = <T>(key: PipelineKey, value: T | undefined): T =>
  found(value, {
    code: "pipeline-not-found",
    message: `Application ${key.application} has no pipeline ${key.name} on this engine`,
    hint: `copilot pipeline deploy --name ${key.name}`,
  });

function executionRoutes(routes: Hono, parts: PipelineRouteParts): void {
  const { pipelines, folder } = parts;
  const one = `${at}/:name/executions/:number`;
  const find = async (context: Context): Promise<ExecutionState> =>
    findExecution(pipelines, keyOf(context), context.req.param("number") ?? "");
  routes.post(`${at}/:name/executions`, async (context) =>
    context.json(pipelines.view(await pipelines.run(keyOf(context), await readExecutionRequest(context)))),
  );
  routes.get(`${at}/:name/executions`, async (context) =>
    context.json(await pipelines.executions(keyOf(context), Number(context.req.query("limit") ?? "20") || 20)),
  );
  routes.get(one, async (context) => context.json(pipelines.view(await find(context))));
  routes.get(`${one}/events`, async (context) => {
    const state = await find(context);
    const key = keyOf(context);
    const view = async () => pipelines.view((await pipelines.execution(key, state.number)) ?? state);
    return streamAnswer((signal) => followExecution({ execution: state.id, view }, pipelines.bus, signal));
  });
  routes.get(`${one}/logs`, async (context) => {
    const state = await find(context);
    const { stage, action, follow } = context.req.query();
    const files = state.pipeline.stages.flatMap(({ name, actions }) =>
      [...actions.map((candidate) => candidate.name), "rollback"]
        .filter((candidate) => (stage === undefined || stage === name) && (action === undefined || action === candidate))
        .map((candidate) => ({ stage: name, action: candidate, file: logFile(folder(keyOf(context), state.number), name, candidate) })),
    );
    if (files.length === 0) throw noSuchAction(state, action ?? stage ?? "");
    const isRunning = (): boolean => pipelines.runner.states().some(({ id }) => id === state.id);
    return streamAnswer((signal) =>
      followLogs({ execution: state.id, files, follow: follow === "true", isRunning }, pipelines.bus, signal),
    );
  });
  routes.get(`${one}/diff`, async (context) => {
    const state = await find(context);
    return context.json(await pendingChanges(state, folder(keyOf(context), state.number), parts.deployed));
  });
  answerRoutes(routes, one, pipelines);
}

function answerRoutes(routes: Hono, one: string, pipelines: Pipelines): void {
  routes.post(`${one}/approval`, async (context) => {
    const state = await findExecution(pipelines, keyOf(context), context.req.param("number") ?? "");
    const { action, ...answer } = await readApproval(context);
    const waiting = pendingApproval(state, action);
    const answered = waiting === undefined ? "not-waiting" : await pipelines.runner.answerApproval(state.id, waiting, answer);
    if (answered === "not-waiting") {
      throw new Problem(
        "nothing-to-approve",
        `Execution ${state.number} was not ${answer.approved ? "approved" : "rejected"}: it does not wait for an approval`,
        {
          hint: `copilot pipeline status --name ${state.pipeline.name}`,
        },
      );
    }
    return context.json(await viewOf(pipelines, keyOf(context), state));
  });
  routes.post(`${one}/stop`, async (context) => {
    const state = await findExecution(pipelines, keyOf(context), context.req.param("number") ?? "");
    const { user, reason } = await readStop(context);
    if ((await pipelines.runner.stop(state.id, user, reason)) === "not-running") {
      throw new Problem("not-running", `Execution ${state.number} was not stopped: it has ended (${state.status})`);
    }
    return context.json(await viewOf(pipelines, keyOf(context), state));
  });
  routes.post(`${one}/retry`, async (context) => {
    const key = keyOf(context);
    const state = await findExecution(pipelines, key, context.req.param("number") ?? "");
    const request = await readRetry(context);
    const outcome = await pipelines.runner.retry(key, state.number, request);
    if (outcome === "not-failed")
      throw new Problem(
        "not-failed",
        `Execution ${state.number} was not retried: it is ${state.status}, and only a failed or stopped one can be`,
      );
    if (outcome === "no-such-action") throw noSuchAction(state, request.from ?? "");
    return context.json(await viewOf(pipelines, key, state));
  });
}

async function viewOf(pipelines: Pipelines, key: PipelineKey, state: ExecutionState) {
  return pipelines.view((await pipelines.execution(key, state.number)) ?? state);
}

/** The approval that waits, or the one that is named. */
function pendingApproval(
  state: ExecutionState,
  action: string | undefined,
): { readonly stage: string; readonly action: string } | undefined {
  for (const stage of state.stages) {
    const definition = state.pipeline.stages.find(({ name }) => name === stage.name);
    for (const candidate of stage.actions) {
      const isApproval = definition?.actions.find(({ name }) => name === candidate.name)?.work.kind === "approval";
      if (isApproval && candidate.status === "in-progress" && (action === undefined || action === candidate.name))
        return { stage: stage.name, action: candidate.name };
    }
  }
  return undefined;
}

async function findExecution(pipelines: Pipelines, key: PipelineKey, text: string): Promise<ExecutionState> {
  const number = text === "latest" ? await pipelines.latestNumber(key) : Number(text);
  const state = number === undefined || !Number.isInteger(number) ? undefined : await pipelines.execution(key, number);
  if (state !== undefined) return state;
  known(key, await pipelines.describe(key));
  throw new Problem(
    "execution-not-found",
    text === "latest" ? `Pipeline ${key.name} has not run yet` : `Pipeline ${key.name} has no execution ${text}`,
    {
      hint: text === "latest" ? `copilot pipeline run --name ${key.name}` : `copilot pipeline history --name ${key.name}`,
    },
  );
}

const noSuchAction = (state: ExecutionState, name: string): Problem =>
  new Problem(
    "action-not-found",
    `Pipeline ${state.pipeline.name} has no action ${name}: it has ${state.stages.flatMap(({ actions }) => actions.map((action) => action.name)).join(", ")}`,
  );

function decisionRoutes(routes: Hono, { pipelines, checkPlace }: PipelineRouteParts): void {
  routes.get("/applications/:app/why/:workload", async (context) => {
    const application = context.req.param("app");
    checkPlace(application, []);
    const states: ExecutionState[] = [];
    for (const { pipeline } of await pipelines.list(application))
      states.push(...(await pipelines.executions({ application, name: pipeline.name }, 20)));
    return context.json(decisionsAbout(context.req.param("workload"), states));
  });
}
