import type { ExecutionState } from "../pipelines/execution/state.ts";
import type { ExecutionView } from "../pipelines/pipeline-api.ts";
import { executionSteps } from "../terminal/execution-progress.ts";
import { pendingApprovals, renderFailures, renderWaiting } from "../terminal/render-execution.ts";
import type { CommandContext } from "./context.ts";
import type { OpenedPipeline } from "./open-pipeline.ts";
import { note, printJson, succeed } from "./report.ts";

/** How following ended: the execution did, or it waits for a person. */
export type FollowEnd =
  | { readonly kind: "ended"; readonly state: ExecutionState }
  | { readonly kind: "waiting"; readonly view: ExecutionView };

/** Shows an execution while it goes on, until it has ended or only a person can go on. Going away ends nothing but the showing. */
export async function followExecution(context: CommandContext, opened: OpenedPipeline, number: number): Promise<FollowEnd> {
  let before: ExecutionState | undefined;
  for await (const event of opened.pipelines.follow(opened.application.name, opened.name, number, context.signal)) {
    if (event.type === "line") continue;
    for (const step of executionSteps(before, event.state)) opened.progress.tell(step);
    before = event.state;
    if (event.state.status === "in-progress" && isOnlyWaiting(event.state))
      return { kind: "waiting", view: { state: event.state, waits: event.waits } };
  }
  if (before === undefined) throw new Error("The control plane told nothing of the execution.");
  return { kind: "ended", state: before };
}

/** Whether nothing is under way but approvals. */
const isOnlyWaiting = (state: ExecutionState): boolean => {
  const approvals = pendingApprovals(state);
  const inProgress = state.stages.flatMap(({ actions }) => actions.filter(({ status }) => status === "in-progress"));
  return approvals.length > 0 && inProgress.length === approvals.length;
};

/** Tells how following ended. Gives the exit code: 0 for a success and for one that waits for a person. */
export function reportExecution(context: CommandContext, end: FollowEnd, json: boolean): number {
  const { terminal } = context;
  const state = end.kind === "ended" ? end.state : end.view.state;
  if (json) {
    printJson(terminal, "pipeline run", { execution: state });
    return end.kind === "ended" && state.status !== "succeeded" ? 1 : 0;
  }
  if (end.kind === "waiting") {
    for (const line of renderWaiting(state, end.view.waits, context.now())) note(terminal, line);
    return 0;
  }
  if (state.status === "succeeded") {
    succeed(terminal, `Execution ${state.number} of ${state.pipeline.name} released ${state.trigger.commit.slice(0, 8)}.`);
    for (const url of releasedUrls(state)) terminal.err.write(`  ${url}\n`);
    return 0;
  }
  terminal.err.write(renderFailures(state, terminal.err.style));
  const why = state.status === "superseded" ? ` by execution ${String(state.supersededBy)}` : "";
  terminal.err.write(`${terminal.err.style.red("✘")} Execution ${state.number} of ${state.pipeline.name} ${state.status}${why}.\n`);
  for (const line of renderWaiting(state, [], context.now())) terminal.err.write(`  ${line}\n`);
  return 1;
}

/** Where what an execution deployed answers, each address once. */
function releasedUrls(state: ExecutionState): readonly string[] {
  const urls = state.stages.flatMap(({ actions }) => actions.flatMap(({ output }) => output?.urls?.slice(0, 1) ?? []));
  return [...new Set(urls)];
}
