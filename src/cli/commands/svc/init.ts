import { Problem } from "../../../model/problem.ts";
import type { CommandRun } from "../../define.ts";
import { initOne } from "../workload/init.ts";
import type { flags } from "./init.command.ts";

/** Writes the manifest of a service and registers it. */
export const run: CommandRun<typeof flags> = ({ flags }, context) => {
  if (flags.noSubscribe && flags.subscribeTopics.length > 0)
    throw new Problem("flags-exclusive", "read --no-subscribe: it does not go with --subscribe-topics");
  return initOne("service", { ...flags, type: flags.svcType }, context);
};
