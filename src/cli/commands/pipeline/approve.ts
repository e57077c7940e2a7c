import type { CommandRun } from "../../define.ts";
import { answerApproval } from "./answer.ts";
import type { flags } from "./approve.command.ts";

/** Lets a waiting execution go on. */
export const run: CommandRun<typeof flags> = ({ flags }, context) => answerApproval(true, flags, context);
