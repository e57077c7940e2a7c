import type { Environment } from "../../model/application.ts";
import type { EnvironmentState, TargetSession } from "../target.ts";
import { readStackMetadata } from "./cloudformation/stack-metadata.ts";
import { environmentStackName } from "./compile-environment.ts";
import { workloadStackName } from "./compile-workload.ts";
import { deployedPipelines } from "./live/deployed-pipelines.ts";
import { describeDeployed, listDeployed } from "./live/deployed-workloads.ts";
import type { LiveApplications } from "./live/live-application.ts";
import { packageEnvironment } from "./live/package-environment.ts";
import { packagePipeline } from "./live/package-pipeline.ts";
import { packageWorkload, type Packaging } from "./live/package-workload.ts";
import { readApplicationVersion } from "./live/require-versions.ts";
import { createRecords } from "./live/read-records.ts";
import { notYetOnAws, refuse, refuseStream } from "./not-yet.ts";

/** A session with an account. It reads: whatever deploys or deletes is refused with a `Problem` named `not-yet`. */
export function createAwsSession(packaging: Packaging): TargetSession {
  const { live } = packaging;
  const recordOf = ({ application, name }: Environment) => live.environment(application, name);
  const deployed = async (environment: Environment, stack: string) => {
    const [{ deployedPackage }, record] = await Promise.all([import("./live/deployed-package.ts"), recordOf(environment)]);
    return deployedPackage(stack, record, live);
  };
  return {
    target: "aws",
    region: live.home.region,
    refuseChange: (what) => {
      throw notYetOnAws(what);
    },
    records: createRecords(live),
    close: () => undefined,
    packageWorkload: (spec, assets, options = {}) => packageWorkload({ spec, assets, options }, packaging),
    packageEnvironment: (environment, manifest, options = {}) => packageEnvironment({ environment, manifest, options }, packaging),
    packagePipeline: (source) => packagePipeline(source, packaging),
    deployedPackage: (environment, workload) =>
      deployed(environment, workloadStackName(environment.application, environment.name, workload)),
    deployedEnvironment: (environment) => deployed(environment, environmentStackName(environment.application, environment.name)),
    deployedManifest: async (environment, workload) => {
      const stacks = await (await live.asManager(await recordOf(environment))).stacks();
      const metadata = await stacks.metadata(workloadStackName(environment.application, environment.name, workload));
      return metadata === undefined ? undefined : readStackMetadata(metadata).manifest;
    },
    environmentState: async (environment) => environmentState(environment, live),
    environmentResources: async (environment) => {
      const stacks = await (await live.asManager(await recordOf(environment))).stacks();
      return (await stacks.resources(environmentStackName(environment.application, environment.name))) ?? [];
    },
    applicationVersion: (application) => readApplicationVersion(application, live.home),
    listDeployed: (environment) => listDeployed(environment, live),
    describeDeployed: (environment, workload) => describeDeployed(environment, workload, live),
    deployedWorkloads: async (environment) => {
      const workloads = await listDeployed(environment, live);
      const described = await Promise.all(workloads.map(({ name }) => describeDeployed(environment, name, live)));
      return described.filter((description) => description !== undefined);
    },
    targetPipelines: (application) => deployedPipelines(application, live),
    targetPipelineResources: async (application, { name, resourceName }) => {
      // Pipelines of before their stacks were named after the application have one name for all.
      const stackName = name === resourceName ? name : `pipeline-${application}-${name}`;
      return (await (await live.home.stacks()).resources(stackName)) ?? [];
    },
    ...refusals,
  };
}

/** What this version cannot do on AWS. */
const refusals: Omit<
  TargetSession,
  | "target"
  | "region"
  | "refuseChange"
  | "records"
  | "pipelines"
  | "close"
  | "packageWorkload"
  | "packageEnvironment"
  | "packagePipeline"
  | "deployedPackage"
  | "deployedEnvironment"
  | "deployedManifest"
  | "environmentState"
  | "environmentResources"
  | "applicationVersion"
  | "listDeployed"
  | "describeDeployed"
  | "deployedWorkloads"
  | "targetPipelines"
  | "targetPipelineResources"
> = {
  deployWorkload: (spec) => refuseStream(`deploy ${spec.name}`),
  deleteWorkload: (_environment, workload) => refuseStream(`delete ${workload}`),
  deployEnvironment: ({ name }) => refuseStream(`deploy the environment ${name}`),
  deleteEnvironment: ({ name }) => refuseStream(`delete the environment ${name}`),
  deleteApplication: (application) => refuseStream(`delete the application ${application}`),
  rollBack: (_environment, workload) => refuseStream(`roll back ${workload}`),
  releases: (_environment, workload) => refuse(`list the releases of ${workload}`),
  workloadStatus: (_environment, workload) => refuse(`tell the status of ${workload}`),
  logs: (_environment, workload) => refuseStream(`read the logs of ${workload}`),
  attachedCommand: () => {
    throw notYetOnAws("run a command in a container");
  },
  runJob: (_environment, job) => refuseStream(`run the job ${job}`),
  jobRuns: (_environment, job) => refuse(`list the runs of ${job}`),
  secretNames: ({ name }) => refuse(`list the secrets of ${name}`),
  putSecret: (_environment, { name }) => refuse(`write the secret ${name}`),
};

async function environmentState(environment: Environment, live: LiveApplications): Promise<EnvironmentState> {
  const record = await live.environment(environment.application, environment.name);
  const stack = await live.environmentStack(record);
  const outputs = stack?.stack.outputs ?? {};
  const { CloudFrontDomainName: cdn, PublicLoadBalancerDNSName: loadBalancer } = outputs;
  const subnets = (kind: string): readonly string[] => (outputs[kind] ?? "").split(",").filter((id) => id !== "");
  const network = { vpc: outputs["VpcId"] ?? "", publicSubnets: subnets("PublicSubnets"), privateSubnets: subnets("PrivateSubnets") };
  const urls = [...(cdn === undefined ? [] : [`https://${cdn}`]), ...(loadBalancer === undefined ? [] : [`http://${loadBalancer}`])];
  const isDeployed = stack !== undefined && stack.metadata.version !== "bootstrap";
  const manifest = stack?.metadata.manifest ?? (isDeployed ? record.formerManifest : undefined);
  return { environment: record.environment, urls, network, tags: stack?.stack.tags ?? {}, ...(manifest === undefined ? {} : { manifest }) };
}
