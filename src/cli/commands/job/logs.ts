import { Problem } from "../../../model/problem.ts";
import type { CommandRun } from "../../define.ts";
import { printLogs, toLogQuery } from "../../log-lines.ts";
import { withApplication } from "../../open-application.ts";
import { note } from "../../report.ts";
import { selectDeployed } from "../../select.ts";
import type { flags } from "./logs.command.ts";

/** Shows what the last runs of a job wrote. */
export const run: CommandRun<typeof flags> = async ({ flags }, context) => {
  if (flags.includeStateMachine && flags.tasks.length > 0)
    throw new Problem("flags-exclusive", "read --include-state-machine: it does not go with --tasks");
  if (flags.follow && flags.last > 1) throw new Problem("flags-exclusive", "read --follow: it does not go with --last");
  const query = toLogQuery(flags, context.now());
  await withApplication(context, { app: flags.app }, async (opened) => {
    const { session } = opened;
    const { environment, name } = await selectDeployed(context, opened, { name: flags.name, env: flags.env, kind: "job" });
    const runs = await session.jobRuns(environment, name);
    const ofRuns = runs.slice(0, flags.last).flatMap(({ taskIds }) => taskIds);
    const hasTime = query.since !== undefined || query.until !== undefined;
    const tasks = query.tasks.length > 0 || hasTime || flags.follow ? query.tasks : ofRuns;
    if (runs.length === 0 && !flags.follow) {
      note(context.terminal, `the job ${name} has not run yet in ${environment.name}.`);
      return;
    }
    // The last runs are shown whole: a limit applies only where one is asked for.
    const { limit: _limit, ...unlimited } = query;
    const wanted = { ...(flags.limit === undefined ? unlimited : query), tasks };
    await printLogs(context, session.logs(environment, name, wanted, context.signal), { json: flags.json });
  });
};
