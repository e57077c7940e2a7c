import type { Environment } from "../../../model/application.ts";
import { Problem } from "../../../model/problem.ts";
import type { WorkloadDescription } from "../../../model/workload-status.ts";
import { listDeployed } from "../../../operations/list-deployed.ts";
import type { EnvironmentState, TargetSession } from "../../../targets/target.ts";
import { renderFields } from "../../../terminal/table.ts";
import type { CommandRun } from "../../define.ts";
import { toEnvironmentJson } from "../../environment-json.ts";
import { withApplication, type OpenedApplication } from "../../open-application.ts";
import { orNull, printJson } from "../../report.ts";
import { selectEnvironment } from "../../select.ts";
import { renderPage, renderResources, splitWorkloads, tableSection, type Section, type WorkloadEntry } from "../../show-page.ts";
import type { flags } from "./show.command.ts";

/** Shows an environment: where it answers and what is deployed in it. */
export const run: CommandRun<typeof flags> = ({ flags }, context) => {
  if (flags.manifest && (flags.json || flags.resources))
    throw new Problem("flags-exclusive", "read --manifest: it goes neither with --json nor with --resources", {
      hint: "leave them out: the manifest is printed alone, as YAML",
    });
  return withApplication(context, { app: flags.app }, async (opened) => {
    const { out } = context.terminal;
    const environment = await selectEnvironment(context, opened, { name: flags.name, flag: "--name" });
    if (flags.manifest) {
      out.write(manifestOf(await opened.session.environmentState(environment)));
      return;
    }
    const contents = await readContents(opened, environment, flags.resources);
    if (flags.json) printJson(context.terminal, "env show", toJson(contents));
    else out.write(renderPage(toSections(contents), out.style));
  });
};

function manifestOf({ environment, manifest }: EnvironmentState): string {
  if (manifest !== undefined) return manifest;
  throw new Problem("not-deployed", `show the manifest of ${environment.name}: it was not deployed yet`, {
    hint: `run \`copilot env deploy --name ${environment.name}\``,
  });
}

/** What there is in an environment. */
interface Contents {
  readonly environment: Environment;
  readonly state: EnvironmentState;
  readonly services: readonly WorkloadEntry[];
  readonly jobs: readonly WorkloadEntry[];
  /** Unset when nobody asked for them. */
  readonly resources: WorkloadDescription["resources"] | undefined;
}

async function readContents({ session }: OpenedApplication, environment: Environment, withResources: boolean): Promise<Contents> {
  const [state, workloads, resources] = await Promise.all([
    session.environmentState(environment),
    listDeployed(session, environment),
    withResources ? resourcesOf(session, environment) : undefined,
  ]);
  return { environment, state, ...splitWorkloads(environment.application, workloads), resources };
}

async function resourcesOf(session: TargetSession, environment: Environment): Promise<WorkloadDescription["resources"]> {
  if (session.environmentResources !== undefined) return session.environmentResources(environment);
  return (await session.deployedWorkloads(environment)).flatMap((description) => description.resources);
}

const toJson = ({ environment, state, services, jobs, resources = [] }: Contents) => ({
  environment: toEnvironmentJson(environment),
  urls: state.urls,
  services: orNull(services),
  jobs: orNull(jobs),
  ...(resources.length === 0 ? {} : { resources: resources.map(({ type, physicalId }) => ({ type, physicalID: physicalId })) }),
  ...(Object.keys(state.tags ?? {}).length === 0 ? {} : { tags: state.tags }),
  environmentVPC: {
    id: state.network?.vpc ?? "",
    publicSubnetIDs: orNull(state.network?.publicSubnets ?? []),
    privateSubnetIDs: orNull(state.network?.privateSubnets ?? []),
  },
});

function toSections({ environment, state, services, jobs, resources }: Contents): readonly Section[] {
  const about = renderFields([
    ["Name", environment.name],
    ["Target", environment.target],
    ["Region", environment.region ?? "-"],
    ["Account ID", environment.accountId ?? "-"],
    ["URL", state.urls.join("\n       or ") || "-"],
  ]);
  const tags = Object.entries(state.tags ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const workloads = [...services, ...jobs].map(({ name, type }) => [name, type]);
  return [
    ["About", about],
    tableSection("Workloads", { header: ["Name", "Type"], rows: workloads }),
    ...(tags.length === 0 ? [] : [tableSection("Tags", { header: ["Key", "Value"], rows: tags })]),
    ...(resources === undefined ? [] : [["Resources", renderResources(resources)] as const]),
  ];
}
