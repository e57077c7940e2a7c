import type { CommandRun } from "../../define.ts";
import { answerApproval } from "./answer.ts";
import type { flags } from "./reject.command.ts";

/** Ends a waiting execution. */
export const run: CommandRun<typeof flags> = ({ flags }, context) => answerApproval(false, flags, context);
