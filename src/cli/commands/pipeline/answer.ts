import { pendingApprovals } from "../../../terminal/render-execution.ts";
import type { CommandContext } from "../../context.ts";
import { executionNumber, withPipeline } from "../../open-pipeline.ts";
import { printJson, succeed } from "../../report.ts";

/** What `pipeline approve` and `pipeline reject` are called with. */
export interface AnswerFlags {
  readonly app: string | undefined;
  readonly name: string | undefined;
  readonly execution: number | undefined;
  readonly action: string | undefined;
  readonly comment: string | undefined;
  readonly json: boolean;
}

/** Answers the approval for which an execution waits, and says so. */
export const answerApproval = (approved: boolean, flags: AnswerFlags, context: CommandContext): Promise<void> =>
  withPipeline(context, { app: flags.app, name: flags.name }, async ({ pipelines, application, name, user }) => {
    const before = await pipelines.execution(application.name, name, executionNumber(flags.execution));
    const { number } = before.state;
    const environments = pendingApprovals(before.state).map(({ environment }) => environment);
    const view = await pipelines.answer(application.name, name, number, {
      approved,
      user,
      ...(flags.comment === undefined ? {} : { comment: flags.comment }),
      ...(flags.action === undefined ? {} : { action: flags.action }),
    });
    if (flags.json) printJson(context.terminal, approved ? "pipeline approve" : "pipeline reject", { execution: view.state });
    else succeed(context.terminal, `${approved ? "Approved" : "Rejected"} execution ${number} of ${name} for ${environments.join(", ")}.`);
  });
