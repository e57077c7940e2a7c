import type { Workload } from "../../../model/application.ts";
import type { WorkloadDescription } from "../../../model/workload-status.ts";
import { Problem } from "../../../model/problem.ts";
import { renderFields, withDittos } from "../../../terminal/table.ts";
import type { CommandContext } from "../../context.ts";
import type { WorkloadDescriptionJson } from "../../json-outputs.ts";
import { findEnvironment, withApplication, type OpenedApplication } from "../../open-application.ts";
import { orNull, printJson } from "../../report.ts";
import { selectDeployedName } from "../../select.ts";
import { renderPage, renderResources, tableSection, type Section } from "../../show-page.ts";

/** What `svc show` and `job show` are called with. */
export interface ShowFlags {
  readonly app: string | undefined;
  readonly name: string | undefined;
  readonly resources: boolean;
  readonly manifest: string | undefined;
  readonly json: boolean;
}

/** Shows how a workload is deployed in every environment, or the manifest that was deployed in one. */
export const showOne = (kind: "service" | "job", flags: ShowFlags, context: CommandContext): Promise<void> => {
  if (flags.manifest !== undefined && (flags.json || flags.resources))
    throw new Problem("flags-exclusive", "read --manifest: it goes neither with --json nor with --resources", {
      hint: "leave them out: the manifest is printed alone, as YAML",
    });
  return withApplication(context, { app: flags.app }, async (opened) => {
    const name = await selectDeployedName(context, opened, { name: flags.name, env: flags.manifest, kind });
    if (flags.manifest !== undefined && opened.session.deployedManifest !== undefined) {
      context.terminal.out.write(await keptManifest(opened, { name, environment: flags.manifest }));
      return;
    }
    const deployed = await describe(opened, name);
    const [first] = deployed;
    if (first === undefined)
      throw new Problem("not-deployed", `show ${name}: it is not deployed in any environment of ${opened.application.name}`, {
        hint: `run \`copilot ${kind === "job" ? "job" : "svc"} deploy --name ${name}\``,
      });
    const { out } = context.terminal;
    if (flags.manifest !== undefined) out.write(manifestIn(flags.manifest, name, deployed));
    else if (flags.json) printDescription(context, deployed, { kind, resources: flags.resources });
    else out.write(renderPage(toSections(opened.application.name, deployed, flags.resources), out.style));
  });
};

/** The manifest as the target keeps it, which saves asking for everything else. */
async function keptManifest(opened: OpenedApplication, deployed: { readonly name: string; readonly environment: string }): Promise<string> {
  const environment = await findEnvironment(opened, deployed.environment);
  const manifest = await opened.session.deployedManifest?.(environment, deployed.name);
  if (manifest !== undefined) return manifest.endsWith("\n") ? manifest : `${manifest}\n`;
  throw new Problem("not-deployed", `show the manifest of ${deployed.name} in ${environment.name}: it is not deployed there`);
}

async function describe({ session, application }: OpenedApplication, name: string): Promise<readonly WorkloadDescription[]> {
  const environments = await session.records.environments(application.name);
  const one = session.describeDeployed?.bind(session);
  const descriptions = await Promise.all(
    environments.map(async (environment) => {
      if (one === undefined) return session.deployedWorkloads(environment);
      const described = await one(environment, name);
      return described === undefined ? [] : [described];
    }),
  );
  return descriptions.flat().filter(({ workload }) => workload.name === name);
}

function manifestIn(environment: string, name: string, deployed: readonly WorkloadDescription[]): string {
  const found = deployed.find((description) => description.environment === environment);
  if (found !== undefined) return found.manifest.endsWith("\n") ? found.manifest : `${found.manifest}\n`;
  throw new Problem("not-deployed", `show the manifest of ${name} in ${environment}: it is not deployed there`, {
    hint: `it is deployed in ${deployed.map((description) => description.environment).join(", ")}`,
  });
}

/** The port of the main container, as both forms print it. */
const portOf = ({ task }: WorkloadDescription): string => (task?.port === undefined ? "-" : String(task.port));

function printDescription(
  { terminal }: CommandContext,
  deployed: readonly WorkloadDescription[],
  { kind, resources }: { readonly kind: "service" | "job"; readonly resources: boolean },
): void {
  const [first] = deployed;
  if (first === undefined) return;
  const { name } = first.workload;
  const description = toJson(first.workload, deployed, resources);
  if (kind === "job") printJson(terminal, "job show", { job: name, ...description });
  else printJson(terminal, "svc show", { service: name, ...description });
}

function toJson(
  { type, application }: Workload,
  deployed: readonly WorkloadDescription[],
  withResources: boolean,
): WorkloadDescriptionJson {
  return {
    type,
    application,
    configurations: orNull(deployed.flatMap(toConfiguration)),
    rollbackAlarms: null,
    routes: orNull(deployed.flatMap(({ environment, urls }) => urls.map((url) => ({ environment, url })))),
    serviceDiscovery: orNull(
      deployed.flatMap(({ environment, endpoints }) => endpoints.map((endpoint) => ({ environment: [environment], endpoint }))),
    ),
    serviceConnect: null,
    variables: orNull(
      deployed.flatMap(({ environment, variables }) =>
        variables.map(({ name, value, container }) => ({ environment, name, value, container })),
      ),
    ),
    secrets: orNull(
      deployed.flatMap(({ environment, secrets }) =>
        secrets.map(({ name, container, value }) => ({ name, container, environment, valueFrom: value })),
      ),
    ),
    releases: deployed.flatMap(({ release }) => release ?? []),
    ...(withResources ? { resources: Object.fromEntries(deployed.map(toResourceEntry)) } : {}),
  };
}

const toConfiguration = (description: WorkloadDescription) => {
  const { environment, task } = description;
  if (task === undefined) return [];
  const { cpu, memory, platform, count } = task;
  return [{ environment, port: portOf(description), cpu: String(cpu), memory: String(memory), platform, tasks: String(count) }];
};

const toResourceEntry = ({ environment, resources }: WorkloadDescription) =>
  [environment, resources.map(({ type, physicalId, logicalId }) => ({ type, physicalID: physicalId, logicalID: logicalId }))] as const;

function toSections(application: string, deployed: readonly WorkloadDescription[], withResources: boolean): readonly Section[] {
  const [first] = deployed;
  const about = renderFields([
    ["Application", application],
    ["Name", first?.workload.name ?? ""],
    ["Type", first?.workload.type ?? ""],
  ]);
  const configurations = deployed.flatMap(configurationRows);
  const routes = deployed.flatMap(({ environment, urls }) => (urls.length === 0 ? [] : [[environment, urls.join(" or ")]]));
  const endpoints = deployed.flatMap(({ environment, endpoints: names }) => names.map((name) => [name, environment, "Service Discovery"]));
  return [
    ["About", about],
    ...unlessEmpty(
      "Configurations",
      ["Environment", "Tasks", "CPU (vCPU)", "Memory (MiB)", "Platform", "Port", "Revision"],
      configurations,
    ),
    ...unlessEmpty("Routes", ["Environment", "URL"], routes),
    ...unlessEmpty("Internal Service Endpoints", ["Endpoint", "Environment", "Type"], endpoints),
    ...unlessEmpty("Variables", ["Name", "Container", "Environment", "Value"], variableRows(deployed, "variables")),
    ...unlessEmpty("Secrets", ["Name", "Container", "Environment", "Value From"], variableRows(deployed, "secrets")),
    ...(withResources
      ? deployed.map(({ environment, resources }): Section => [`Resources in ${environment}`, renderResources(resources)])
      : []),
  ];
}

const unlessEmpty = (title: string, header: readonly string[], rows: readonly (readonly string[])[]): readonly Section[] =>
  rows.length === 0 ? [] : [tableSection(title, { header, rows })];

function configurationRows(description: WorkloadDescription): readonly (readonly string[])[] {
  const { task, environment, release } = description;
  if (task === undefined) return [];
  const { count, cpu, memory, platform } = task;
  const revision = release === undefined ? "-" : String(release.revision);
  return [[environment, String(count), String(cpu / 1024), String(memory), platform, portOf(description), revision]];
}

/** By name, then container, then environment; what repeats the row above is a ditto mark. */
function variableRows(deployed: readonly WorkloadDescription[], kind: "variables" | "secrets"): readonly (readonly string[])[] {
  const rows = deployed.flatMap((description) =>
    description[kind].map(({ name, container, value }) => [name, container, description.environment, value]),
  );
  return withDittos(rows.toSorted(byTheirStart), [0, 1]);
}

function byTheirStart(a: readonly string[], b: readonly string[]): number {
  const [left, right] = [a.slice(0, 3).join("\0"), b.slice(0, 3).join("\0")];
  return left < right ? -1 : left > right ? 1 : 0;
}
