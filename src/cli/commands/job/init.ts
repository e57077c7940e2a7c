import type { CommandRun } from "../../define.ts";
import { initOne } from "../workload/init.ts";
import type { flags } from "./init.command.ts";

/** Writes the manifest of a job and registers it. */
export const run: CommandRun<typeof flags> = ({ flags }, context) => initOne("job", { ...flags, type: flags.jobType }, context);
