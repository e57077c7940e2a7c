import { isGood } from "../../../operations/deploy-workloads.ts";
import { follow } from "../../../operations/follow.ts";
import type { CommandRun } from "../../define.ts";
import { printLogs } from "../../log-lines.ts";
import { withApplication } from "../../open-application.ts";
import { printJson, reportOutcome, succeed } from "../../report.ts";
import { selectDeployed } from "../../select.ts";
import type { flags } from "./run.command.ts";

/** Starts one run of a job, and with `--follow` waits for its end and shows what it wrote. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.app, jsonProgress: flags.json }, async (opened) => {
    const { session, progress } = opened;
    const { environment, name } = await selectDeployed(context, opened, { name: flags.name, env: flags.env, kind: "job" });
    const events = session.runJob(environment, name, { detach: !flags.follow, signal: context.signal });
    const outcome = await follow({ id: "run", title: `Run job ${name}` }, events, {
      now: context.now,
      tell: progress.tell,
      detached: !flags.follow,
    });
    progress.close();
    if (flags.json) printJson(context.terminal, "job run", { type: "result", job: name, environment: environment.name, outcome });
    if (flags.follow) {
      const [latest] = await session.jobRuns(environment, name);
      const query = { follow: false, tasks: latest?.taskIds ?? [], previous: false };
      await printLogs(context, session.logs(environment, name, query, context.signal), { json: flags.json });
    }
    if (!isGood(outcome)) return reportOutcome(context.terminal, `job ${name}`, outcome, "run");
    succeed(context.terminal, flags.follow ? `Ran job ${name}.` : `Started job ${name}.`);
    return 0;
  });
