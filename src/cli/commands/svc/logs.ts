import { Problem } from "../../../model/problem.ts";
import type { CommandRun } from "../../define.ts";
import { printLogs, toLogQuery } from "../../log-lines.ts";
import { withApplication } from "../../open-application.ts";
import { note } from "../../report.ts";
import { selectDeployed } from "../../select.ts";
import type { flags } from "./logs.command.ts";

/** Shows what a service's containers wrote. */
export const run: CommandRun<typeof flags> = async ({ flags }, context) => {
  if (flags.previous && flags.tasks.length > 0) throw new Problem("flags-exclusive", "read --previous: it does not go with --tasks");
  const query = toLogQuery(flags, context.now());
  await withApplication(context, { app: flags.app }, async (opened) => {
    const { session } = opened;
    const { environment, name } = await selectDeployed(context, opened, { name: flags.name, env: flags.env, kind: "service" });
    const status = await session.workloadStatus(environment, name);
    if (status?.workload.type === "Static Site")
      throw new Problem("no-logs", `show the logs of ${name}: a Static Site has no containers`, {
        hint: `run \`copilot svc status --name ${name}\``,
      });
    if (flags.previous) {
      const stopped = status?.stoppedTasks.toSorted((a, b) => ((a.stoppedAt ?? "") < (b.stoppedAt ?? "") ? 1 : -1))[0];
      if (stopped === undefined) {
        note(context.terminal, `no task of ${name} has stopped in ${environment.name}.`);
        return;
      }
      context.terminal.err.write(`The task that stopped last: ${stopped.id}\n`);
    }
    const wanted = { ...query, previous: flags.previous, ...(flags.container === undefined ? {} : { container: flags.container }) };
    await printLogs(context, session.logs(environment, name, wanted, context.signal), { json: flags.json });
  });
  return 0;
};
