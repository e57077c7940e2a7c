import type { CommandRun } from "../../define.ts";
import { deleteOne } from "../workload/delete.ts";
import type { flags } from "./delete.command.ts";

/** Deletes a job from one or all environments. */
export const run: CommandRun<typeof flags> = ({ flags }, context) => deleteOne("job", flags, context);
