import { deleteApplication } from "../../../operations/delete-application.ts";
import type { CommandRun } from "../../define.ts";
import { confirmed } from "../../confirmed.ts";
import { withApplication } from "../../open-application.ts";
import { printJson, succeed } from "../../report.ts";
import type { flags } from "./delete.command.ts";

/** Deletes an application and everything in it; manifests stay. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.name, jsonProgress: flags.json }, async ({ application, workspace, session, progress }) => {
    session.refuseChange?.(`delete the application ${application.name}`);
    const question = `Delete the application ${application.name} with everything that runs in its environments?`;
    if (!(await confirmed(context, question, flags.yes))) return 0;
    const own = workspace?.application === application.name ? workspace : undefined;
    await deleteApplication(
      { application: application.name, workspace: own },
      { session, files: context.files, now: context.now, signal: context.signal, tell: progress.tell },
    );
    progress.close();
    if (flags.json) printJson(context.terminal, "app delete", { type: "result", deleted: application.name });
    else succeed(context.terminal, `Deleted the application ${application.name}${own === undefined ? "" : "; its manifests stay"}.`);
    return 0;
  });
