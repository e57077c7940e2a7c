import type { CommandRun } from "../../define.ts";
import { note } from "../../report.ts";
import type { flags } from "./upgrade.command.ts";

/** Does nothing, as in the original, which kept the command for old scripts. */
export const run: CommandRun<typeof flags> = (_input, { terminal }) => {
  note(terminal, "this command does nothing any more; `copilot env deploy` brings an environment up to date.");
  return Promise.resolve();
};
