import { isJobType } from "../../../model/names.ts";
import { renderFields, renderSection, renderTable } from "../../../terminal/table.ts";
import type { CommandRun } from "../../define.ts";
import { withApplication } from "../../open-application.ts";
import { orNull, printJson } from "../../report.ts";
import type { flags } from "./show.command.ts";

/** Shows an application with its environments and workloads. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.name }, async ({ application, session }) => {
    const { name, domain, permissionsBoundary } = application;
    const [environments, workloads, pipelines] = await Promise.all([
      session.records.environments(name),
      session.records.workloads(name),
      session.pipelines?.list(name) ?? [],
    ]);
    const entries = workloads.map((workload) => ({ app: name, name: workload.name, type: workload.type }));
    const services = entries.filter(({ type }) => !isJobType(type));
    const jobs = entries.filter(({ type }) => isJobType(type));
    if (flags.json) {
      printJson(context.terminal, {
        name,
        version: `v${context.version}`,
        uri: domain ?? "",
        permissionsBoundary: permissionsBoundary ?? "",
        target: application.target,
        environments: orNull(environments.map((environment) => toEnvironmentJson(environment))),
        services: orNull(services),
        jobs: orNull(jobs),
        pipelines: orNull(pipelines.map(({ pipeline }) => ({ name: pipeline.name }))),
      });
      return;
    }
    const deployed = await Promise.all(
      environments.map(async (environment) => ({
        environment,
        names: (await session.deployedWorkloads(environment)).map(({ workload }) => workload.name),
      })),
    );
    const whereOf = (workload: string): string =>
      deployed.flatMap(({ environment, names }) => (names.includes(workload) ? [environment.name] : [])).join(", ") || "-";
    const { out } = context.terminal;
    const about = renderFields([
      ["Name", name],
      ["Version", `v${context.version}`],
      ["URI", domain ?? "N/A"],
      ["Permissions Boundary", permissionsBoundary ?? "N/A"],
      ["Target", application.target],
    ]);
    const places = renderTable(
      ["Name", "Target", "AccountID", "Region"],
      environments.map((environment) => [environment.name, environment.target, environment.accountId ?? "-", environment.region ?? "-"]),
      { indent: 2, minimum: 10 },
    );
    const members = renderTable(
      ["Name", "Type", "Environments"],
      [...services, ...jobs].map((workload) => [workload.name, workload.type, whereOf(workload.name)]),
      { indent: 2, minimum: 10 },
    );
    out.write(
      [
        renderSection("About", about, out.style),
        renderSection("Environments", places, out.style),
        renderSection("Workloads", members, out.style),
        ...(pipelines.length === 0
          ? []
          : [renderSection("Pipelines", pipelines.map(({ pipeline }) => `  ${pipeline.name}\n`).join(""), out.style)]),
      ].join("\n"),
    );
  });

/** An environment as the original's JSON has it, with what Docker adds. */
export const toEnvironmentJson = (environment: {
  readonly application: string;
  readonly name: string;
  readonly target: string;
  readonly region?: string;
  readonly accountId?: string;
  readonly port?: number;
}) => ({
  app: environment.application,
  name: environment.name,
  region: environment.region ?? "",
  accountID: environment.accountId ?? "",
  target: environment.target,
  ...(environment.port === undefined ? {} : { port: environment.port }),
});
