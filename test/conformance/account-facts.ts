import type { EnvironmentSpec } from "../../src/model/environment-spec.ts";
import type { WorkloadSpec } from "../../src/model/workload-spec.ts";
import type { EnvironmentFacts } from "../../src/targets/aws/environment-facts.ts";
import { environmentFunctionNames } from "../../src/targets/aws/environment-facts.ts";
import type { PipelineFacts } from "../../src/targets/aws/pipeline-facts.ts";
import type { ImportedLoadBalancer, S3Location, WorkloadFacts } from "../../src/targets/aws/workload-facts.ts";
import { loadBalancerToImport, workloadFunctionNames } from "../../src/targets/aws/workload-facts.ts";
import type { EnvironmentInputs, WorkspaceInputs } from "./inputs.ts";
import { Refused } from "./rendering.ts";

/** Where the archives of our functions lie: nothing compares it, so one that inputs do not name is put beside the others. */
function functionsOf<Name extends string>(inputs: WorkspaceInputs, environment: EnvironmentInputs, names: readonly Name[]) {
  const bucket = regionOf(inputs, environment).artifactBucket;
  const places = names.map((name) => {
    const folder = name.toLowerCase();
    return [name, inputs.customResources[folder] ?? { bucket, key: `manual/scripts/custom-resources/${folder}/${anyHash}.zip` }];
  });
  // `fromEntries` forgets which keys it was given.
  return Object.fromEntries(places) as Record<Name, S3Location>;
}

/** The region of an environment; a workspace of a foreign form may leave it out. */
const regionOf = (inputs: WorkspaceInputs, environment: EnvironmentInputs) =>
  inputs.regions[environment.region] ?? { artifactBucket: "", kmsKeyArn: "", repositories: {} };

/** Where an uploaded file lies, as CloudFormation takes it. */
export const artifactUrl = (inputs: WorkspaceInputs, environment: EnvironmentInputs, key: string): string => {
  const suffix = inputs.partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return `https://${regionOf(inputs, environment).artifactBucket}.s3.${environment.region}.${suffix}/${key}`;
};

const optional = <K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> =>
  // The compiler cannot see that a computed key of one name makes such an object.
  value === undefined ? {} : ({ [key]: value } as Partial<Record<K, V>>);

const applicationOf = (inputs: WorkspaceInputs) => ({
  account: inputs.account,
  ...optional("domain", inputs.domain),
  ...optional("permissionsBoundary", inputs.permissionsBoundary),
});

/** Facts of an environment. */
export function environmentFacts(
  inputs: WorkspaceInputs,
  environment: EnvironmentInputs,
  addons: EnvironmentFacts["addons"],
): EnvironmentFacts {
  const { artifactBucket, kmsKeyArn } = regionOf(inputs, environment);
  return {
    partition: inputs.partition,
    application: applicationOf(inputs),
    artifacts: { name: artifactBucket, keyArn: kmsKeyArn },
    tags: inputs.resourceTags,
    version: environment.stackVersion,
    functions: functionsOf(inputs, environment, environmentFunctionNames),
    // Where inputs do not name the region's list: the one of the emulator of AWS on which they were made.
    cloudFrontPrefixList: inputs.cloudFrontPrefixList ?? "pl-be66bd33c36e32cc5",
    deployedParameters: environment.stackParameters,
    forceDeployId: environment.stackOutputs["LastForceDeployID"] ?? "",
    ...optional("addons", addons),
  };
}

/** What packaging one workload knows besides the account. */
export interface WorkloadCircumstances {
  readonly inputs: WorkspaceInputs;
  readonly environment: EnvironmentInputs;
  /** The environment as it was deployed. */
  readonly deployed: EnvironmentSpec;
  readonly addons: WorkloadFacts["addons"] | undefined;
  /** With `--upload-assets`. */
  readonly uploads: boolean;
}

/** Facts of a workload. */
export function workloadFacts(spec: WorkloadSpec, circumstances: WorkloadCircumstances): WorkloadFacts {
  const { inputs, environment, deployed } = circumstances;
  // Inputs name no tags of subnets: the account on which they were made had none.
  if (spec.network?.placement.kind === "subnet-tags") throw new Refused(`${spec.name}: no subnet has the tags of network.vpc.placement`);
  const covered = (arns: readonly string[] | undefined) =>
    (arns ?? []).map((arn) => ({ arn, names: inputs.importedCertificates[arn] ?? [] }));
  return {
    version: environment.stackVersion,
    partition: inputs.partition,
    region: environment.region,
    account: environment.account,
    application: applicationOf(inputs),
    environment: {
      version: environment.stackVersion,
      serviceDiscoveryEndpoint: environment.stackParameters["ServiceDiscoveryEndpoint"] ?? "",
      certificates: {
        publicHttp: covered(deployed.publicHttp.certificates),
        privateHttp: covered(deployed.privateHttp.certificates),
        ...optional("cdn", covered(deployed.cdn?.certificate === undefined ? [] : [deployed.cdn.certificate])[0]),
      },
      cdn: deployed.cdn !== undefined,
    },
    artifacts: { keyArn: regionOf(inputs, environment).kmsKeyArn },
    functions: functionsOf(inputs, environment, workloadFunctionNames),
    images: circumstances.uploads ? pushedImages(spec, circumstances) : {},
    envFileArns: circumstances.uploads ? envFileArns(spec, circumstances) : {},
    ...optional("addons", circumstances.addons),
    ...optional("importedLoadBalancer", importedLoadBalancer(spec, inputs)),
    topicArns: inputs.topics.filter((topic) => topic.environment === environment.name).map(({ arn }) => arn),
    ...optional("siteMapping", spec.site === undefined || !circumstances.uploads ? undefined : siteMapping(spec, circumstances)),
    tags: inputs.resourceTags,
    deploymentId: "00000000-0000-4000-8000-000000000000",
  };
}

function pushedImages(spec: WorkloadSpec, { inputs, environment }: WorkloadCircumstances): Readonly<Record<string, string>> {
  const repository = regionOf(inputs, environment).repositories[spec.name];
  if (repository === undefined) return {};
  const built = (spec.task?.containers ?? []).filter(({ image }) => image.kind === "build").map(({ name }) => name);
  return Object.fromEntries(built.map((name) => [name, `${repository}:${name === spec.name ? inputs.tag : `${name}-${inputs.tag}`}`]));
}

/** The archive of an uploaded file is named by its hash, which nothing compares. */
const anyHash = "0".repeat(64);

function envFileArns(spec: WorkloadSpec, { inputs, environment }: WorkloadCircumstances): Readonly<Record<string, string>> {
  const bucket = regionOf(inputs, environment).artifactBucket;
  const arnOf = (path: string) => `arn:${inputs.partition}:s3:::${bucket}/manual/env-files/${path.split("/").at(-1)}/${anyHash}.env`;
  const router = spec.task?.logRouter?.envFile;
  return Object.fromEntries([
    ...(spec.task?.containers ?? []).flatMap(({ name, envFile }) => (envFile === undefined ? [] : [[name, arnOf(envFile)]])),
    ...(router === undefined ? [] : [["firelens_log_router", arnOf(router)]]),
  ]);
}

const siteMapping = (spec: WorkloadSpec, { inputs, environment }: WorkloadCircumstances): S3Location => ({
  bucket: regionOf(inputs, environment).artifactBucket,
  key: `local-assets/environments/${environment.name}/workloads/${spec.name}/mapping/${anyHash}`,
});

/** A manifest names its load balancer by name or ARN, and so do inputs. */
function importedLoadBalancer(spec: WorkloadSpec, inputs: WorkspaceInputs): ImportedLoadBalancer | undefined {
  const wanted = loadBalancerToImport(spec);
  if (wanted === undefined) return undefined;
  return inputs.importedLoadBalancers.find(({ name, arn }) => name === wanted || arn === wanted || arn.split("/").at(-2) === wanted);
}

/** Facts of a pipeline, whose manifest is in `folder`. */
export const pipelineFacts = (inputs: WorkspaceInputs, folder: string, connection: string | undefined): PipelineFacts => ({
  application: inputs.application,
  ...optional("permissionsBoundary", inputs.permissionsBoundary),
  version: inputs.environments[0]?.stackVersion ?? "",
  isLegacy: false,
  folder,
  workloads: inputs.workloads.map(({ name }) => name),
  ...optional("connectionArn", connection === undefined ? undefined : inputs.connections[connection]),
  artifactBuckets: Object.values(inputs.regions).map(({ artifactBucket, kmsKeyArn }) => ({ name: artifactBucket, keyArn: kmsKeyArn })),
  environments: Object.fromEntries(
    inputs.environments.map(({ name, account, region, executionRoleArn, managerRoleArn }) => [
      name,
      { account, region, executionRoleArn, managerRoleArn },
    ]),
  ),
  tags: inputs.resourceTags,
});
