import type { CommandContext } from "./context.ts";

/** Whether the person is sure; `--yes` answers it. */
export const confirmed = async (context: CommandContext, message: string, yes: boolean): Promise<boolean> =>
  yes || (await context.prompts.confirm({ message, flag: "--yes", default: false }));
