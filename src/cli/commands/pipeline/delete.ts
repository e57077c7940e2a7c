import type { CommandRun } from "../../define.ts";
import { confirmed } from "../../confirmed.ts";
import { withPipeline } from "../../open-pipeline.ts";
import { note, printJson, succeed } from "../../report.ts";
import type { flags } from "./delete.command.ts";

/** Stops what runs of a pipeline and forgets it; what it has deployed stays. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withPipeline(context, { app: flags.app, name: flags.name }, async ({ pipelines, application, name, user }) => {
    if (!(await confirmed(context, `Delete the pipeline ${name} of ${application.name}?`, flags.yes))) return;
    await pipelines.remove(application.name, name, user);
    if (flags.json) printJson(context.terminal, "pipeline delete", { type: "result", deleted: name });
    else succeed(context.terminal, `Deleted the pipeline ${name}. What it has deployed stays.`);
    if (flags.deleteSecret)
      note(context.terminal, "the token of the repository is kept until its application is deleted: other pipelines may use it.");
  });
