import { userName } from "../../../operations/deploy-workloads.ts";
import { follow } from "../../../operations/follow.ts";
import type { CommandRun } from "../../define.ts";
import { notYet } from "../../not-yet.ts";
import { withApplication } from "../../open-application.ts";
import { printJson, recommend, reportOutcome, succeed } from "../../report.ts";
import { selectDeployed } from "../../select.ts";
import type { flags } from "./resume.command.ts";

/** Lets a paused service run again, as it was deployed last. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.app, jsonProgress: flags.json }, async (opened) => {
    const { session, progress } = opened;
    const { environment, name } = await selectDeployed(context, opened, { name: flags.name, env: flags.env, kind: "service" });
    if (session.resumeService === undefined) throw notYet(`resume ${name} on ${session.target}`);
    const options = { user: userName(context.variables), signal: context.signal };
    const step = { id: "resume", title: `Resume service ${name} in ${environment.name}` };
    const outcome = await follow(step, session.resumeService(environment, name, options), { now: context.now, tell: progress.tell });
    progress.close();
    if (flags.json) printJson(context.terminal, "svc resume", { type: "result", workload: name, environment: environment.name, outcome });
    if (outcome.kind === "unchanged") context.terminal.err.write(`- ${name} runs in ${environment.name}: it was not paused.\n`);
    else if (outcome.kind !== "deployed") return reportOutcome(context.terminal, `service ${name}`, outcome);
    else {
      succeed(context.terminal, `Resumed service ${name} in ${environment.name}.`);
      for (const url of outcome.urls) context.terminal.err.write(`  ${context.terminal.err.style.blue(url)}\n`);
      recommend(context.terminal, [`Run \`copilot svc status --name ${name} --env ${environment.name}\` to see how it is.`]);
    }
    return 0;
  });
