import type { ActionState, ExecutionState, StageState } from "../pipelines/execution/state.ts";
import type { Wait } from "../pipelines/execution/schedule.ts";
import { formatAge } from "./format-age.ts";
import { renderTable } from "./table.ts";
import type { Style } from "./style.ts";

/** CodePipeline's word for how an action is; `undefined` for one that has not run. */
export function actionWord(action: ActionState): "InProgress" | "Succeeded" | "Failed" | "Abandoned" | undefined {
  if (action.status === "pending") return undefined;
  if (action.status === "in-progress") return "InProgress";
  if (action.status === "succeeded") return "Succeeded";
  return action.failure?.kind === "stopped" ? "Abandoned" : "Failed";
}

/** The word for a stage: any action in progress, else any failed, else all succeeded. */
export function stageWord(stage: StageState): "InProgress" | "Failed" | "Succeeded" | undefined {
  const words = stage.actions.map(actionWord);
  if (stage.status === "in-progress" || words.includes("InProgress")) return "InProgress";
  if (words.some((word) => word === "Failed" || word === "Abandoned")) return "Failed";
  return words.length > 0 && words.every((word) => word === "Succeeded") ? "Succeeded" : undefined;
}

/** Stages and actions as a table, as `pipeline status` shows them. */
export function renderExecution(state: ExecutionState, style: Style): string {
  const rows = state.stages.flatMap((stage) => {
    const word = stageWord(stage);
    const run = stage.actions.filter((action) => actionWord(action) !== undefined);
    return [
      [stage.name, "ENABLED", paint(word, style)],
      ...run.map((action, index) => [
        `${index === run.length - 1 ? "└──" : "├──"} ${action.name}`,
        "",
        `${paint(actionWord(action), style)}${tail(action, style)}`,
      ]),
    ];
  });
  return renderTable(["Stage", "Transition", "Status"], rows, { minimum: 10 });
}

const tail = ({ output, failure, status }: ActionState, style: Style): string => {
  const text = status === "succeeded" ? output?.summary : status === "failed" ? failure?.reason : undefined;
  return text === undefined || text === "" ? "" : `  ${style.faint(text)}`;
};

function paint(word: string | undefined, style: Style): string {
  if (word === undefined) return "  -";
  if (word === "InProgress") return style.bold(word);
  return word === "Failed" ? style.red(word) : word;
}

/** Who or what an execution waits for, since when, and the command that goes on. */
export function renderWaiting(state: ExecutionState, waits: readonly Wait[], now: Date): readonly string[] {
  const { name } = state.pipeline;
  const approvals = pendingApprovals(state).map(
    ({ environment, since }) =>
      `Waits for an approval to deploy to ${environment}, since ${formatAge(since, now).replace(/ ago$/, "")}: run \`copilot pipeline approve --name ${name}\` (or reject; see what it changes with \`copilot pipeline diff --name ${name}\`).`,
  );
  const others = waits.map(({ stage, because }) => `Waits in front of ${stage}: ${because}.`);
  const failed =
    state.status === "failed"
      ? [`Failed: fix it and push, or run \`copilot pipeline retry --name ${name}\`; its log is \`copilot pipeline logs --name ${name}\`.`]
      : [];
  return [...approvals, ...others, ...failed];
}

/** Approvals that an execution waits for. */
export function pendingApprovals(
  state: ExecutionState,
): readonly { readonly stage: string; readonly action: string; readonly environment: string; readonly since: string }[] {
  return state.pipeline.stages.flatMap((stage, index) =>
    stage.actions.flatMap((action, position) => {
      const found = state.stages[index]?.actions[position];
      if (action.work.kind !== "approval" || found?.status !== "in-progress") return [];
      return [{ stage: stage.name, action: action.name, environment: action.work.environment, since: found.startedAt ?? state.updatedAt }];
    }),
  );
}

/** Why an execution failed, with the last lines of the actions that did. */
export function renderFailures(state: ExecutionState, style: Style): string {
  const failed = state.stages.flatMap((stage) =>
    stage.actions.filter(({ status }) => status === "failed").map((action) => ({ stage: stage.name, action })),
  );
  return failed
    .map(({ stage, action }) => {
      const lines = action.failure?.lastLines ?? [];
      return [
        `${style.red("✘")} ${action.name} in ${stage}: ${action.failure?.reason ?? "failed"}`,
        ...lines.map((line) => `    ${style.faint("│")} ${line}`),
        ...(action.failure?.hint === undefined ? [] : [`  ${style.faint("→")} ${action.failure.hint}`]),
        "",
      ].join("\n");
    })
    .join("");
}
