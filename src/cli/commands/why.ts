import { Problem } from "../../model/problem.ts";
import { formatAge } from "../../terminal/format-age.ts";
import { renderTable } from "../../terminal/table.ts";
import type { CommandRun } from "../define.ts";
import { withPipelines } from "../open-pipeline.ts";
import { orNull, printJson } from "../report.ts";
import type { flags } from "./why.command.ts";

/** Says what pipelines decided about a workload and why, the newest first. */
export const run: CommandRun<typeof flags> = ({ argument, flags }, context) => {
  if (argument === undefined) throw new Problem("argument-missing", "say why: no workload is named", { hint: "copilot why <workload>" });
  return withPipelines(context, { app: flags.app }, async ({ pipelines, application }) => {
    const decisions = (await pipelines.why(application.name, argument)).slice(0, flags.limit);
    if (flags.json) {
      printJson(context.terminal, "why", { workload: argument, decisions: orNull(decisions) });
      return;
    }
    if (decisions.length === 0) {
      context.terminal.out.write(`No pipeline of ${application.name} has decided about ${argument} yet.\n`);
      return;
    }
    const now = context.now();
    const rows = decisions.map(({ pipeline, number, environment, decision, commit, at, reason }) => [
      environment,
      decision,
      formatAge(at, now),
      commit.slice(0, 8),
      `${pipeline} ${number}`,
      reason,
    ]);
    context.terminal.out.write(renderTable(["Environment", "Decision", "When", "Commit", "Execution", "Reason"], rows, { minimum: 8 }));
  });
};
