import type { CommandRun } from "../../define.ts";
import { packageOne } from "../workload/package.ts";
import type { flags } from "./package.command.ts";

/** Prints or writes what a service's deployment would apply. */
export const run: CommandRun<typeof flags> = ({ flags }, context) => packageOne("service", flags, context);
