import type { CommandRun } from "../../define.ts";
import { listOfKind } from "../workload/ls.ts";
import type { flags } from "./ls.command.ts";

/** Lists the jobs of an application. */
export const run: CommandRun<typeof flags> = ({ flags }, context) => listOfKind("job", flags, context);
