import { finish } from "../../../operations/follow.ts";
import { Problem } from "../../../model/problem.ts";
import type { CommandRun } from "../../define.ts";
import { confirmed } from "../../confirmed.ts";
import { withApplication, type OpenedApplication } from "../../open-application.ts";
import { printJson, succeed } from "../../report.ts";
import { selectEnvironment } from "../../select.ts";
import type { flags } from "./delete.command.ts";

/** Deletes an environment in which nothing is deployed any more. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.app, jsonProgress: flags.json }, async (opened) => {
    const { application, session, progress } = opened;
    const environment = await selectEnvironment(context, opened, { name: flags.name, flag: "--name" });
    session.refuseChange?.(`delete the environment ${environment.name}`);
    const deployed = await session.deployedWorkloads(environment);
    if (deployed.length > 0) {
      const names = deployed.map(({ workload }) => workload.name).join(", ");
      throw new Problem(
        "environment-in-use",
        `delete the environment ${environment.name}: ${names} ${deployed.length === 1 ? "is" : "are"} deployed in it`,
        {
          hint: `run \`copilot svc delete --env ${environment.name}\` or \`copilot job delete --env ${environment.name}\` for each`,
        },
      );
    }
    await refuseWhereReleased(opened, environment.name);
    if (!(await confirmed(context, `Delete the environment ${environment.name} of ${application.name}?`, flags.yes))) return 0;
    const step = { id: "delete", title: `Delete environment ${environment.name}` };
    await finish(step, session.deleteEnvironment(environment, context.signal), { now: context.now, tell: progress.tell });
    progress.close();
    if (flags.json) printJson(context.terminal, "env delete", { type: "result", deleted: environment.name });
    else succeed(context.terminal, `Deleted the environment ${environment.name} from the application ${application.name}.`);
    return 0;
  });

/** A pipeline that deploys to the environment would fail with its next execution. */
async function refuseWhereReleased({ application, session }: OpenedApplication, environment: string): Promise<void> {
  const pipelines = (await session.pipelines?.list(application.name)) ?? [];
  const found = pipelines.find(({ pipeline }) => pipeline.stages.some((stage) => stage.environment === environment));
  if (found === undefined) return;
  const { name } = found.pipeline;
  throw new Problem("environment-in-pipeline", `delete the environment ${environment}: the pipeline ${name} deploys to it`, {
    hint: `take the stage out of its manifest and run \`copilot pipeline deploy --name ${name}\`, or run \`copilot pipeline delete --name ${name}\``,
  });
}
