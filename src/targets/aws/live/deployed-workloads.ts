import type { Environment, Workload } from "../../../model/application.ts";
import type { ContainerVariable, WorkloadDescription } from "../../../model/workload-status.ts";
import { readTemplate } from "../cloudformation/read.ts";
import { readStackMetadata } from "../cloudformation/stack-metadata.ts";
import { workloadStackName } from "../compile-workload.ts";
import type { Account } from "../clients/account.ts";
import type { DeployedStack, StackResource } from "../clients/stacks.ts";
import { deployedRoutes } from "./deployed-routes.ts";
import type { EnvironmentStack, LiveApplications } from "./live-application.ts";
import { readWorkloadRecord, recordPaths } from "./records.ts";

/** The workloads of an application that have a stack in an environment, by name. */
export async function listDeployed({ application, name }: Environment, live: LiveApplications): Promise<readonly Workload[]> {
  const record = await live.environment(application, name);
  const tags = { "copilot-application": application, "copilot-environment": name };
  const [stacks, workloads] = await Promise.all([
    live.asManager(record).then(async (account) => (await account.tagged()).find("cloudformation:stack", tags)),
    registered(application, live),
  ]);
  // The stack of the environment names no workload, and the stacks of addons name theirs again.
  const deployed = new Set(stacks.map((stack) => stack.tags["copilot-service"]));
  return workloads.filter((workload) => deployed.has(workload.name)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function registered(application: string, { home }: LiveApplications): Promise<readonly Workload[]> {
  const texts = await (await home.parameters()).list(recordPaths.workloads(application));
  return texts.flatMap((text) => readWorkloadRecord(text) ?? []);
}

/** What AWS tells of a workload. */
interface Observed {
  readonly workload: Workload;
  readonly stack: DeployedStack;
  readonly template: string;
  readonly resources: readonly StackResource[];
  readonly environment: EnvironmentStack | undefined;
  readonly account: Account;
}

/** A workload as it is deployed in an environment; `undefined` when it is not. */
export async function describeDeployed(
  environment: Environment,
  name: string,
  live: LiveApplications,
): Promise<WorkloadDescription | undefined> {
  const record = await live.environment(environment.application, environment.name);
  const account = await live.asManager(record);
  const stacks = await account.stacks();
  const stackName = workloadStackName(environment.application, environment.name, name);
  const [stack, template, resources, metadata, environmentStack, workloads] = await Promise.all([
    stacks.describe(stackName),
    stacks.template(stackName),
    stacks.resources(stackName),
    stacks.metadata(stackName),
    live.environmentStack(record),
    registered(environment.application, live),
  ]);
  const workload = workloads.find((each) => each.name === name);
  if (stack === undefined || template === undefined || workload === undefined) return undefined;
  const observed: Observed = { workload, stack, template, resources: resources ?? [], environment: environmentStack, account };
  const [{ containers, platform, host }, manifest] = [await readContainers(observed), readStackMetadata(metadata ?? "").manifest];
  const variables = containers.flatMap(({ name: container, variables: values }) => toVariables(container, values));
  return {
    workload,
    environment: environment.name,
    urls: urlsOf(observed, { host, variables }),
    endpoints: endpointsOf(observed),
    manifest: manifest ?? "",
    ...taskOf(stack.parameters, platform),
    variables,
    secrets: containers.flatMap(({ name: container, secrets }) => toVariables(container, secrets)),
    resources: observed.resources,
  };
}

const toVariables = (container: string, values: Readonly<Record<string, string>>): readonly ContainerVariable[] =>
  Object.entries(values).map(([name, value]) => ({ container, name, value }));

interface Contents {
  readonly containers: readonly {
    readonly name: string;
    readonly variables: Readonly<Record<string, string>>;
    readonly secrets: Readonly<Record<string, string>>;
  }[];
  readonly platform: string;
  /** At which App Runner serves it. */
  readonly host?: string;
}

async function readContainers({ workload, stack, resources, account }: Observed): Promise<Contents> {
  if (workload.type === "Static Site") return { containers: [], platform: "" };
  if (workload.type !== "Request-Driven Web Service") {
    const found = await (await account.taskDefinitions()).describe(stack.name);
    return found ?? { containers: [], platform: "LINUX/X86_64" };
  }
  const service = resources.find(({ type }) => type === "AWS::AppRunner::Service");
  if (service === undefined) return { containers: [], platform: "" };
  const { host, variables, secrets } = await (await account.appRunner()).describe(service.physicalId);
  return { containers: [{ name: workload.name, variables, secrets }], platform: "LINUX/X86_64", host };
}

function taskOf(parameters: DeployedStack["parameters"], platform: string): Pick<WorkloadDescription, "task"> {
  const cpu = parameters["TaskCPU"] ?? parameters["InstanceCPU"];
  const memory = parameters["TaskMemory"] ?? parameters["InstanceMemory"];
  if (cpu === undefined || memory === undefined) return {};
  const port = Number(parameters["ContainerPort"] ?? -1);
  const count = Number(parameters["TaskCount"] ?? 1);
  return { task: { cpu: Number(cpu), memory: Number(memory), count, platform, ...(port > 0 ? { port } : {}) } };
}

function urlsOf(
  { workload, stack, template, environment }: Observed,
  { host, variables }: { readonly host: string | undefined; readonly variables: readonly ContainerVariable[] },
): readonly string[] {
  if (host !== undefined) return [`https://${host}`];
  if (workload.type === "Static Site") {
    const { CloudFrontDistributionAlternativeDomainName: alias, CloudFrontDistributionDomainName: own } = stack.outputs;
    return [alias, own].flatMap((name) => (name === undefined || name === "" ? [] : [`https://${name}`]));
  }
  const isPublic = workload.type === "Load Balanced Web Service";
  if (!isPublic && workload.type !== "Backend Service") return [];
  return deployedRoutes({
    name: workload.name,
    isPublic,
    content: { template: readTemplate(template, stack.name), parameters: stack.parameters },
    outputs: stack.outputs,
    environment: environment?.stack.outputs ?? {},
    importedHost: template.includes("ForImportedALB") ? variables.find(({ name }) => name === "COPILOT_LB_DNS")?.value : undefined,
  });
}

/** Where other workloads find it by the environment's discovery. */
function endpointsOf({ workload, stack, environment }: Observed): readonly string[] {
  const port = stack.parameters["TargetPort"] ?? stack.parameters["ContainerPort"];
  if (!["Load Balanced Web Service", "Backend Service"].includes(workload.type) || port === undefined || Number(port) <= 0) return [];
  const endpoint = environment?.stack.parameters["ServiceDiscoveryEndpoint"] || `${workload.application}.local`;
  return [`${workload.name}.${endpoint}:${port}`];
}
