import type { CommandRun } from "../../define.ts";
import { withApplication } from "../../open-application.ts";
import { orNull, printJson } from "../../report.ts";
import { toEnvironmentJson } from "../../environment-json.ts";
import type { flags } from "./ls.command.ts";

/** Lists the environments of an application. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.app }, async ({ application, session }) => {
    const environments = await session.records.environments(application.name);
    if (flags.json) printJson(context.terminal, "env ls", { environments: orNull(environments.map(toEnvironmentJson)) });
    else context.terminal.out.write(environments.map(({ name }) => `${name}\n`).join(""));
  });
