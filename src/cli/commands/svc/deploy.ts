import type { CommandRun } from "../../define.ts";
import { deployOne } from "../workload/deploy.ts";
import type { flags } from "./deploy.command.ts";

/** Builds and deploys a service. */
export const run: CommandRun<typeof flags> = ({ flags }, context) => deployOne("service", flags, context);
