import type { CommandRun } from "../../define.ts";
import { withTarget } from "../../open-application.ts";
import { printJson } from "../../report.ts";
import type { flags } from "./ls.command.ts";

/** Lists the applications of the home target. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withTarget(context, {}, async ({ session }) => {
    const applications = await session.records.applications();
    if (flags.json) printJson(context.terminal, "app ls", { applications });
    else context.terminal.out.write(applications.map(({ name }) => `${name}\n`).join(""));
  });
