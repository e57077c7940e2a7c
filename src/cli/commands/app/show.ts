import type { Application, Environment } from "../../../model/application.ts";
import { listDeployed } from "../../../operations/list-deployed.ts";
import type { TargetSession } from "../../../targets/target.ts";
import { renderFields } from "../../../terminal/table.ts";
import type { CommandRun } from "../../define.ts";
import { toEnvironmentJson } from "../../environment-json.ts";
import { withApplication, type OpenedApplication } from "../../open-application.ts";
import { orNull, printJson } from "../../report.ts";
import { renderPage, splitWorkloads, tableSection, type Section, type WorkloadEntry } from "../../show-page.ts";
import type { flags } from "./show.command.ts";

/** Shows an application with its environments and workloads. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.name }, async (opened) => {
    const overview = await readOverview(opened, `v${context.version}`);
    const { out } = context.terminal;
    if (flags.json) printJson(context.terminal, "app show", toJson(overview));
    else out.write(renderPage(toSections(overview, await readPlaces(opened, overview.environments)), out.style));
  });

/** What an application's records say. */
interface Overview {
  readonly application: Application;
  readonly version: string;
  readonly environments: readonly Environment[];
  readonly services: readonly WorkloadEntry[];
  readonly jobs: readonly WorkloadEntry[];
  /** Names. */
  readonly pipelines: readonly string[];
}

async function readOverview({ application, session }: OpenedApplication, version: string): Promise<Overview> {
  const { name } = application;
  const [environments, workloads, pipelines, deployedVersion] = await Promise.all([
    session.records.environments(name),
    session.records.workloads(name),
    pipelineNames(session, name),
    session.applicationVersion?.(name),
  ]);
  return { application, version: deployedVersion ?? version, environments, ...splitWorkloads(name, workloads), pipelines };
}

async function pipelineNames(session: TargetSession, application: string): Promise<readonly string[]> {
  if (session.targetPipelines !== undefined) return (await session.targetPipelines(application)).map(({ name }) => name);
  return ((await session.pipelines?.list(application)) ?? []).map(({ pipeline }) => pipeline.name);
}

/** The environments in which each workload is deployed, by its name. */
async function readPlaces(
  { session }: OpenedApplication,
  environments: readonly Environment[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const deployed = await Promise.all(
    environments.map(async (environment) =>
      (await listDeployed(session, environment)).map((workload) => ({ workload: workload.name, environment: environment.name })),
    ),
  );
  const places = new Map<string, string[]>();
  for (const { environment, workload } of deployed.flat()) places.set(workload, [...(places.get(workload) ?? []), environment]);
  return places;
}

const toJson = ({ application, version, environments, services, jobs, pipelines }: Overview) => ({
  name: application.name,
  version,
  uri: application.domain ?? "",
  permissionsBoundary: application.permissionsBoundary ?? "",
  target: application.target,
  environments: orNull(environments.map(toEnvironmentJson)),
  services: orNull(services),
  jobs: orNull(jobs),
  pipelines: orNull(pipelines.map((name) => ({ name }))),
});

function toSections(
  { application, version, environments, services, jobs, pipelines }: Overview,
  places: ReadonlyMap<string, readonly string[]>,
): readonly Section[] {
  const about = renderFields([
    ["Name", application.name],
    ["Version", version],
    ["URI", application.domain ?? "N/A"],
    ["Permissions Boundary", application.permissionsBoundary ?? "N/A"],
    ["Target", application.target],
  ]);
  const environmentRows = environments.map(({ name, target, accountId, region }) => [name, target, accountId ?? "-", region ?? "-"]);
  const workloadRows = [...services, ...jobs].map(({ name, type }) => [name, type, places.get(name)?.join(", ") ?? "-"]);
  return [
    ["About", about],
    tableSection("Environments", { header: ["Name", "Target", "AccountID", "Region"], rows: environmentRows }),
    tableSection("Workloads", { header: ["Name", "Type", "Environments"], rows: workloadRows }),
    ...(pipelines.length === 0 ? [] : [["Pipelines", pipelines.map((name) => `  ${name}\n`).join("")] as const]),
  ];
}
