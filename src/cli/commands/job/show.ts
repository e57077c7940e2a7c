import type { CommandRun } from "../../define.ts";
import { showOne } from "../workload/show.ts";
import type { flags } from "./show.command.ts";

/** Shows how a job is deployed in each environment. */
export const run: CommandRun<typeof flags> = ({ flags }, context) => showOne("job", flags, context);
