import { userName } from "../../../operations/deploy-workloads.ts";
import { finish } from "../../../operations/follow.ts";
import { confirmed } from "../../confirmed.ts";
import type { CommandRun } from "../../define.ts";
import { notYet } from "../../not-yet.ts";
import { withApplication } from "../../open-application.ts";
import { printJson, recommend, succeed } from "../../report.ts";
import { selectDeployed } from "../../select.ts";
import type { flags } from "./pause.command.ts";

/** Ends the tasks of a service until it is resumed. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.app, jsonProgress: flags.json }, async (opened) => {
    const { session, progress } = opened;
    const { environment, name } = await selectDeployed(context, opened, { name: flags.name, env: flags.env, kind: "service" });
    if (session.pauseService === undefined) throw notYet(`pause ${name} on ${session.target}`);
    if (!(await confirmed(context, `Pause ${name} in ${environment.name}? Nothing will answer its requests.`, flags.yes))) return 0;
    const options = { user: userName(context.variables), signal: context.signal };
    const step = { id: "pause", title: `Pause service ${name} in ${environment.name}` };
    await finish(step, session.pauseService(environment, name, options), { now: context.now, tell: progress.tell });
    progress.close();
    if (flags.json) {
      printJson(context.terminal, "svc pause", { type: "result", paused: name, environment: environment.name });
      return 0;
    }
    succeed(context.terminal, `Paused service ${name} in ${environment.name}.`);
    recommend(context.terminal, [`Run \`copilot svc resume --name ${name} --env ${environment.name}\` to let it run again.`]);
    return 0;
  });
