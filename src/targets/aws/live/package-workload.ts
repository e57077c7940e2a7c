import { createHash } from "node:crypto";
import type { CdkMachine } from "../../../overrides/cdk-project.ts";
import { loadEnvironment } from "../../../manifest/environment/load.ts";
import type { EnvironmentSpec } from "../../../model/environment-spec.ts";
import { Problem } from "../../../model/problem.ts";
import type { WorkloadSpec } from "../../../model/workload-spec.ts";
import type { PackageOptions, WorkloadAssets, WorkloadPackage } from "../../target.ts";
import { acceptOrThrow } from "../accept-or-throw.ts";
import { toAddonsFacts } from "../addons-facts.ts";
import { readStackMetadata } from "../cloudformation/stack-metadata.ts";
import { compileWorkload, workloadStackName } from "../compile-workload.ts";
import { refuseDowngrade } from "../refuse-downgrade.ts";
import { openArtifactStore, type ArtifactStore } from "./artifact-store.ts";
import { finishPackage } from "./finish-package.ts";
import { partitionOf, type EnvironmentStack, type LiveApplications } from "./live-application.ts";
import { placeAddons, type PlacedAddons } from "./place-addons.ts";
import { placeSite } from "./place-site.ts";
import { placeWorkloadFunctions, type FunctionArchives } from "./place-functions.ts";
import { readWorkloadFacts, type DeployedEnvironment } from "./read-workload-facts.ts";
import type { EnvironmentRecord } from "./records.ts";
import { requireApplication } from "./require-application.ts";
import { requireApplicationVersion, requireFeatures, requireUploads } from "./require-versions.ts";
import { withoutExtensions } from "./without-extensions.ts";

/** What packaging works with. */
export interface Packaging {
  readonly live: LiveApplications;
  readonly archives: FunctionArchives;
  readonly machine: CdkMachine;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Makes a value that was never used before. */
  readonly uniqueId: () => string;
}

/** A workload as files, as its environment's account stands now. Throws a `Problem` when it cannot be deployed there. */
export async function packageWorkload(
  wanted: { readonly spec: WorkloadSpec; readonly assets: WorkloadAssets; readonly options: PackageOptions },
  packaging: Packaging,
): Promise<WorkloadPackage> {
  const { spec, options } = wanted;
  const { live, machine } = packaging;
  const extensions = options.extensions ?? withoutExtensions;
  const [environment] = await Promise.all([readDeployedEnvironment(spec, live), guardWorkload(spec, options, live)]);
  if (options.files === "uploaded") await requireUploads(environment.record.environment, environment.stack.metadata.version);
  const account = await live.asManager(environment.record);
  const bucket = { bucket: environment.resources.artifacts.name, partition: partitionOf(environment.record) };
  const store = openArtifactStore(account, { ...bucket, uploads: options.files === "uploaded" });
  const files = options.files === "named" || options.files === "uploaded" ? store : undefined;
  const [addons, functions, envFileArns, siteMapping] = await Promise.all([
    placeAddons({ kind: "workload", name: spec.name }, extensions, files),
    packaging.archives(spec.type).then((archives) => placeWorkloadFunctions(archives, store)),
    placeEnvFiles(spec, wanted.assets, files),
    wanted.assets.site === undefined || files === undefined ? undefined : placeSite(spec, wanted.assets.site, files),
  ]);
  const facts = await readWorkloadFacts(spec, environment, {
    functions,
    envFileArns,
    siteMapping,
    images: wanted.assets.images,
    addons: addons === undefined ? undefined : toAddonsFacts(addons.addons, addons.url),
    deploymentId: packaging.uniqueId(),
    account,
    elsewhere: (region) => live.asManager(environment.record, region),
  });
  const stack = acceptOrThrow("workload-not-deployable", `compile ${spec.name} for ${spec.environment}`, compileWorkload(spec, facts));
  const { application, environment: name } = spec;
  const { template, parameters } = await finishPackage(
    { stack, overrides: extensions.overrides, application, environment: name, root: extensions.root },
    machine,
  );
  return {
    files: [
      { name: `${spec.name}-${name}.stack.yml`, content: template },
      { name: `${spec.name}-${name}.params.json`, content: parameters },
      ...addonFiles(`${spec.name}.addons.stack.yml`, addons),
    ],
    notices: [],
  };
}

const addonFiles = (name: string, addons: PlacedAddons | undefined) => (addons === undefined ? [] : [{ name, content: addons.template }]);

async function readDeployedEnvironment(spec: WorkloadSpec, live: LiveApplications): Promise<DeployedEnvironment> {
  const [application, record] = await Promise.all([
    requireApplication(live, spec.application),
    live.environment(spec.application, spec.environment),
  ]);
  const [resources, stack] = await Promise.all([live.resources(spec.application, record.region), live.environmentStack(record)]);
  if (stack === undefined || stack.metadata.version === "bootstrap")
    throw new Problem("environment-not-deployed", `compile ${spec.name}: the environment ${spec.environment} is not deployed yet`, {
      hint: `run \`copilot env deploy --name ${spec.environment}\``,
    });
  requireFeatures(spec, stack);
  await requireApplicationVersion(spec, application.application.domain !== undefined, live);
  return { application, record, resources, stack, spec: deployedSpec(record, stack) };
}

/** The manifest that a stack keeps was accepted when it was deployed, by whichever version: only its values count now. */
function deployedSpec({ environment: record, formerManifest }: EnvironmentRecord, { metadata }: EnvironmentStack): EnvironmentSpec {
  const { application, name: environment } = record;
  const text = metadata.manifest ?? formerManifest;
  const loaded = loadEnvironment({
    file: `the deployed manifest of ${environment}`,
    text,
    application,
    environment,
    variables: {},
    lenient: true,
    trusting: true,
  });
  return acceptOrThrow("environment-unreadable", `read the manifest that ${environment} was deployed with`, loaded);
}

async function guardWorkload(spec: WorkloadSpec, { allowDowngrade }: PackageOptions, live: LiveApplications): Promise<void> {
  if (allowDowngrade === true) return;
  const record = await live.environment(spec.application, spec.environment);
  const name = workloadStackName(spec.application, spec.environment, spec.name);
  const metadata = await (await (await live.asManager(record)).stacks()).metadata(name);
  if (metadata !== undefined) await refuseDowngrade(name, readStackMetadata(metadata).version);
}

/** The ARNs of env files by container, as the parameters of the stack have them. */
async function placeEnvFiles(
  { task }: WorkloadSpec,
  { envFiles }: WorkloadAssets,
  store: ArtifactStore | undefined,
): Promise<Readonly<Record<string, string>>> {
  if (store === undefined || task === undefined) return {};
  const router = task.logRouter?.envFile === undefined ? [] : [{ name: "firelens_log_router", envFile: task.logRouter.envFile }];
  const placed = await Promise.all(
    [...task.containers, ...router].map(async ({ name, envFile }) => {
      const text = envFile === undefined ? undefined : envFiles[envFile];
      if (envFile === undefined || text === undefined) return [];
      const hash = createHash("sha256").update(text).digest("hex");
      const { arn } = await store.place(`manual/env-files/${envFile.split("/").at(-1) ?? ""}/${hash}.env`, text);
      return [[name, arn] as const];
    }),
  );
  return Object.fromEntries(placed.flat());
}
