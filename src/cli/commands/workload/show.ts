import type { WorkloadDescription } from "../../../model/workload-status.ts";
import { Problem } from "../../../model/problem.ts";
import { renderFields, renderSection, renderTable, withDittos } from "../../../terminal/table.ts";
import type { Style } from "../../../terminal/style.ts";
import type { CommandContext } from "../../context.ts";
import { findEnvironment, withApplication, type OpenedApplication } from "../../open-application.ts";
import { orNull, printJson } from "../../report.ts";
import { selectDeployed } from "../../select.ts";

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
    throw new Problem("flags-exclusive", "read --manifest: it goes neither with --json nor with --resources");
  return withApplication(context, { app: flags.app }, async (opened) => {
    const name = flags.name ?? (await selectDeployed(context, opened, { name: undefined, env: flags.manifest, kind })).name;
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
    else if (flags.json) printJson(context.terminal, toJson(opened.application.name, deployed, { kind, resources: flags.resources }));
    else out.write(renderPage(opened.application.name, deployed, { style: out.style, resources: flags.resources }));
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
  const descriptions = await Promise.all(environments.map((environment) => session.deployedWorkloads(environment)));
  return descriptions.flat().filter(({ workload }) => workload.name === name);
}

function manifestIn(environment: string, name: string, deployed: readonly WorkloadDescription[]): string {
  const found = deployed.find((description) => description.environment === environment);
  if (found !== undefined) return found.manifest.endsWith("\n") ? found.manifest : `${found.manifest}\n`;
  throw new Problem("not-deployed", `show the manifest of ${name} in ${environment}: it is not deployed there`, {
    hint: `it is deployed in ${deployed.map((description) => description.environment).join(", ")}`,
  });
}

const portOf = ({ task }: WorkloadDescription): string => (task?.port === undefined ? "-" : String(task.port));

function toJson(
  application: string,
  deployed: readonly WorkloadDescription[],
  options: { readonly kind: "service" | "job"; readonly resources: boolean },
) {
  const [first] = deployed;
  return {
    [options.kind]: first?.workload.name,
    type: first?.workload.type,
    application,
    configurations: orNull(
      deployed.flatMap((description) =>
        description.task === undefined
          ? []
          : [
              {
                environment: description.environment,
                port: portOf(description),
                cpu: String(description.task.cpu),
                memory: String(description.task.memory),
                platform: description.task.platform,
                tasks: String(description.task.count),
              },
            ],
      ),
    ),
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
    releases: deployed.map(({ release }) => release),
    ...(options.resources
      ? {
          resources: Object.fromEntries(
            deployed.map(({ environment, resources }) => [
              environment,
              resources.map(({ type, physicalId, logicalId }) => ({ type, physicalID: physicalId, logicalID: logicalId })),
            ]),
          ),
        }
      : {}),
  };
}

function renderPage(
  application: string,
  deployed: readonly WorkloadDescription[],
  options: { readonly style: Style; readonly resources: boolean },
): string {
  const { style } = options;
  const table = { indent: 2, minimum: 10 };
  const [first] = deployed;
  const about: readonly (readonly [string, string])[] = [
    ["Application", application],
    ["Name", first?.workload.name ?? ""],
    ["Type", first?.workload.type ?? ""],
  ];
  const configurations = deployed.flatMap((description) => {
    const { task, environment, release } = description;
    if (task === undefined) return [];
    return [
      [
        environment,
        String(task.count),
        String(task.cpu / 1024),
        String(task.memory),
        task.platform,
        portOf(description),
        String(release.revision),
      ],
    ];
  });
  const routes = deployed.flatMap(({ environment, urls }) => (urls.length === 0 ? [] : [[environment, urls.join(" or ")]]));
  const endpoints = deployed.flatMap(({ environment, endpoints: names }) => names.map((name) => [name, environment, "Service Discovery"]));
  const variables = deployed.flatMap(({ environment, variables: list }) =>
    list.map(({ name, container, value }) => [name, container, environment, value]),
  );
  const secrets = deployed.flatMap(({ environment, secrets: list }) =>
    list.map(({ name, container, value }) => [name, container, environment, value]),
  );
  const sections = [
    renderSection("About", renderFields(about), style),
    ...section("Configurations", ["Environment", "Tasks", "CPU (vCPU)", "Memory (MiB)", "Platform", "Port", "Revision"], configurations),
    ...section("Routes", ["Environment", "URL"], routes),
    ...section("Internal Service Endpoints", ["Endpoint", "Environment", "Type"], endpoints),
    ...section("Variables", ["Name", "Container", "Environment", "Value"], sorted(variables)),
    ...section("Secrets", ["Name", "Container", "Environment", "Value From"], sorted(secrets)),
    ...(options.resources ? deployed.map(renderResources) : []),
  ];
  return sections.join("\n");

  function section(title: string, header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
    if (rows.length === 0) return [];
    const columns = title === "Variables" || title === "Secrets" ? [0, 1] : [];
    return [renderSection(title, renderTable(header, withDittos(rows, columns), table), style)];
  }

  function renderResources({ environment, resources }: WorkloadDescription): string {
    const rows = resources.map(({ type, physicalId }) => `  ${type.padEnd(20)}${physicalId}\n`).join("");
    return renderSection(`Resources in ${environment}`, rows, style);
  }
}

/** By name, then container, then environment. */
const sorted = (rows: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  rows.toSorted((a, b) => {
    const [left, right] = [a.slice(0, 3).join("\0"), b.slice(0, 3).join("\0")];
    return left < right ? -1 : left > right ? 1 : 0;
  });
