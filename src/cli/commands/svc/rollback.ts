import { Problem } from "../../../model/problem.ts";
import { userName } from "../../../operations/deploy-workloads.ts";
import { follow } from "../../../operations/follow.ts";
import type { Release } from "../../../model/deployment.ts";
import type { CommandRun } from "../../define.ts";
import { confirmed } from "../../confirmed.ts";
import { withApplication } from "../../open-application.ts";
import { printJson, reportOutcome } from "../../report.ts";
import { selectDeployed } from "../../select.ts";
import type { flags } from "./rollback.command.ts";

/** Applies an earlier release of a service again. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.app, jsonProgress: flags.json }, async (opened) => {
    const { session, progress } = opened;
    const { environment, name } = await selectDeployed(context, opened, { name: flags.name, env: flags.env, kind: "service" });
    const revision = pickRevision(await session.releases(environment, name), flags.revision, name);
    if (!(await confirmed(context, `Take ${name} in ${environment.name} back to revision ${revision}?`, flags.yes))) return 0;
    const step = { id: "rollback", title: `Take ${name} back to revision ${revision}` };
    const options = { user: userName(context.variables), signal: context.signal };
    const outcome = await follow(step, session.rollBack(environment, name, revision, options), { now: context.now, tell: progress.tell });
    progress.close();
    if (flags.json) printJson(context.terminal, "svc rollback", { type: "result", workload: name, environment: environment.name, outcome });
    return reportOutcome(context.terminal, `service ${name}`, outcome);
  });

function pickRevision(releases: readonly Release[], wish: number | undefined, name: string): number {
  const good = releases.filter(({ status }) => status === "deployed" || status === "superseded");
  const picked = wish === undefined ? good[1] : good.find(({ revision }) => revision === wish);
  if (picked !== undefined) return picked.revision;
  throw new Problem(
    "no-release",
    `go back: ${name} has ${wish === undefined ? "no earlier release" : `no release ${wish} that was deployed`}`,
    {
      hint: `run \`copilot svc releases --name ${name}\``,
    },
  );
}
