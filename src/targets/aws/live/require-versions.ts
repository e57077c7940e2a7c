import type { Environment } from "../../../model/application.ts";
import { Problem } from "../../../model/problem.ts";
import type { WorkloadSpec } from "../../../model/workload-spec.ts";
import type { Account } from "../clients/account.ts";
import { readTemplate } from "../cloudformation/read.ts";
import type { controlledParameters } from "../templates/environment/parameters.ts";
import type { EnvironmentStack, LiveApplications } from "./live-application.ts";

type Feature = Exclude<(typeof controlledParameters)[number], "Aliases" | "AppRunnerPrivateWorkloads">;

/** What environments share with workloads: its name for people, and the version of the template that brought it. */
const features: Readonly<Record<Feature, { readonly name: string; readonly since: string }>> = {
  ALBWorkloads: { name: "a public load balancer", since: "v1.0.0" },
  InternalALBWorkloads: { name: "an internal load balancer", since: "v1.10.0" },
  EFSWorkloads: { name: "a file system", since: "v1.3.0" },
  NATWorkloads: { name: "NAT gateways", since: "v1.3.0" },
};

/** What a workload needs its environment to be able to make. */
function neededFeatures({ type, http, network, task }: WorkloadSpec): readonly Feature[] {
  return [
    ...(type === "Load Balanced Web Service" && http !== undefined ? (["ALBWorkloads"] as const) : []),
    ...(type === "Backend Service" && http !== undefined ? (["InternalALBWorkloads"] as const) : []),
    ...(network.placement.kind === "private" ? (["NATWorkloads"] as const) : []),
    ...(task?.volumes.some(({ kind }) => kind === "managed") === true ? (["EFSWorkloads"] as const) : []),
  ];
}

/** Throws a `Problem` when the environment's template is too old to have what the workload needs: its parameters tell. */
export function requireFeatures(spec: WorkloadSpec, { stack, metadata }: EnvironmentStack): void {
  const missing = neededFeatures(spec).find((feature) => !(feature in stack.parameters));
  if (missing === undefined) return;
  const { name, since } = features[missing];
  throw new Problem(
    "environment-too-old",
    `compile ${spec.name}: it needs ${name}, which environments have since ${since}, and ${spec.environment} was deployed by ${metadata.version}`,
    { hint: `run \`copilot env deploy --name ${spec.environment}\` first` },
  );
}

/** Throws a `Problem` when the role of an environment may not put anything into the bucket of artifacts. `version` is of its template. */
export async function requireUploads({ name }: Environment, version: string): Promise<void> {
  const { default: semver } = await import("semver");
  // Environments that were never deployed say `bootstrap`: their role is of today.
  if (semver.valid(version) === null || semver.gte(version, "v1.9.0")) return;
  throw new Problem(
    "environment-too-old",
    `upload what the environment ${name} needs: it was deployed by ${version}, and its role may upload since v1.9.0`,
    { hint: `run \`copilot env deploy --name ${name}\` of the original once` },
  );
}

/** The version of the template of an application's roles, e.g. `v1.2.0`; `undefined` when the stack is not there. */
export async function readApplicationVersion(application: string, home: Account): Promise<string | undefined> {
  const metadata = await (await home.stacks()).metadata(`${application}-infrastructure-roles`);
  if (metadata === undefined) return undefined;
  const written = metadata.trim() === "" ? undefined : readTemplate(metadata, "the metadata of a stack")["TemplateVersion"];
  // Stacks from before there were versions note none.
  return typeof written === "string" ? written : "v0.0.0";
}

/** Since when the application's own stacks have what a workload needs of them; unset when any will do. */
function neededApplication({ type, http, nlb, requestDriven }: WorkloadSpec, hasDomain: boolean): string | undefined {
  if (type === "Static Site") return "v1.2.0";
  const hasAlias = http?.rules.some(({ aliases }) => aliases.length > 0) === true || (nlb?.aliases.length ?? 0) > 0;
  return hasDomain && (hasAlias || requestDriven?.alias !== undefined) ? "v1.0.0" : undefined;
}

/** Throws a `Problem` when the stack of the application's roles is too old for a workload. It is asked only where that matters. */
export async function requireApplicationVersion(spec: WorkloadSpec, hasDomain: boolean, { home }: LiveApplications): Promise<void> {
  const needed = neededApplication(spec, hasDomain);
  if (needed === undefined) return;
  const version = await readApplicationVersion(spec.application, home);
  if (version === undefined) return;
  const { default: semver } = await import("semver");
  if (semver.valid(version) !== null && semver.gte(version, needed)) return;
  throw new Problem(
    "application-too-old",
    `compile ${spec.name}: it needs the application's stacks to be of ${needed} or later, and ${spec.application} is of ${version}`,
    { hint: "run `copilot app upgrade` of the original" },
  );
}
