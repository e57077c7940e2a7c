import type { CommandRun } from "../../define.ts";
import { overrideOne } from "../workload/override.ts";
import type { flags } from "./override.command.ts";

/** Writes files with which a person changes a job's template. */
export const run: CommandRun<typeof flags> = ({ flags }, context) => overrideOne("job", flags, context);
