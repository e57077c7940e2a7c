import { Problem } from "../../../model/problem.ts";
import type { EnvironmentSpec } from "../../../model/environment-spec.ts";
import type { WorkloadSpec } from "../../../model/workload-spec.ts";
import type { Account } from "../clients/account.ts";
import { loadBalancerToImport, type CertificateFacts, type ImportedLoadBalancer, type WorkloadFacts } from "../workload-facts.ts";
import { templateVersion } from "../template-version.ts";
import type { ApplicationRecord, EnvironmentRecord } from "./records.ts";
import { partitionOf, type EnvironmentStack, type RegionResources } from "./live-application.ts";

/** What was read of an environment before a workload of it. */
export interface DeployedEnvironment {
  readonly application: ApplicationRecord;
  readonly record: EnvironmentRecord;
  readonly resources: RegionResources;
  readonly stack: EnvironmentStack;
  /** What the manifest asked for that the environment was deployed with. */
  readonly spec: EnvironmentSpec;
}

/** What is the same for whichever workload, or comes of its files. */
export type WorkloadCircumstances = Pick<WorkloadFacts, "functions" | "images" | "envFileArns" | "deploymentId"> & {
  readonly addons: WorkloadFacts["addons"] | undefined;
  readonly siteMapping: WorkloadFacts["siteMapping"] | undefined;
  /** `account` in another region, as the same role. */
  readonly elsewhere: (region: string) => Promise<Account>;
  /** The environment's account and region, as its manager. */
  readonly account: Account;
};

/** The region of certificates that CloudFront takes. */
const cloudFrontRegion = "us-east-1";

/** Looks up everything that a workload's template depends on and its manifest does not say. Only what the manifest makes needed is asked for. */
export async function readWorkloadFacts(
  spec: WorkloadSpec,
  environment: DeployedEnvironment,
  circumstances: WorkloadCircumstances,
): Promise<WorkloadFacts> {
  const { application, record, resources, stack } = environment;
  const { account, addons, siteMapping, elsewhere: _, ...own } = circumstances;
  const [certificates, importedLoadBalancer, taggedSubnetIds, topicArns] = await Promise.all([
    readCertificates(spec, environment.spec, circumstances),
    readLoadBalancer(spec, account),
    readTaggedSubnets(spec, stack, account),
    readTopics(spec, account),
  ]);
  const { domain, permissionsBoundary } = application.application;
  return {
    ...own,
    version: templateVersion,
    partition: partitionOf(record),
    region: record.region,
    account: record.account,
    application: {
      account: application.account,
      ...(domain === undefined ? {} : { domain }),
      ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
    },
    environment: {
      version: stack.metadata.version,
      serviceDiscoveryEndpoint: stack.stack.parameters["ServiceDiscoveryEndpoint"] ?? `${application.application.name}.local`,
      certificates,
      cdn: environment.spec.cdn !== undefined,
    },
    artifacts: { keyArn: resources.artifacts.keyArn },
    ...(addons === undefined ? {} : { addons }),
    ...(siteMapping === undefined ? {} : { siteMapping }),
    ...(importedLoadBalancer === undefined ? {} : { importedLoadBalancer }),
    ...(taggedSubnetIds === undefined ? {} : { taggedSubnetIds }),
    ...(topicArns === undefined ? {} : { topicArns }),
    tags: application.application.tags ?? {},
  };
}

type Certificates = WorkloadFacts["environment"]["certificates"];

/** Which names a certificate covers matters only to aliases; that it is there matters to every service. */
async function readCertificates(
  spec: WorkloadSpec,
  { publicHttp, privateHttp, cdn }: EnvironmentSpec,
  { account, elsewhere }: WorkloadCircumstances,
): Promise<Certificates> {
  const hasAliases = spec.http?.rules.some(({ aliases }) => aliases.length > 0) === true || (spec.nlb?.aliases.length ?? 0) > 0;
  const read = async (arn: string, from: () => Promise<Account>): Promise<CertificateFacts> => ({
    arn,
    names: hasAliases ? await (await (await from()).certificates()).names(arn) : [],
  });
  const all = (arns: readonly string[] | undefined) => Promise.all((arns ?? []).map((arn) => read(arn, async () => account)));
  const [forPublic, forPrivate, forCdn] = await Promise.all([
    all(publicHttp.certificates),
    all(privateHttp.certificates),
    cdn?.certificate === undefined ? undefined : read(cdn.certificate, () => elsewhere(cloudFrontRegion)),
  ]);
  return { publicHttp: forPublic, privateHttp: forPrivate, ...(forCdn === undefined ? {} : { cdn: forCdn }) };
}

async function readLoadBalancer(spec: WorkloadSpec, account: Account): Promise<ImportedLoadBalancer | undefined> {
  const wanted = loadBalancerToImport(spec);
  if (wanted === undefined) return undefined;
  const found = await (await account.loadBalancers()).find(wanted);
  if (found !== undefined) return found;
  throw new Problem(
    "load-balancer-not-found",
    `compile ${spec.name}: http.alb names ${wanted}, and ${account.region} has no such load balancer`,
    {
      hint: "correct http.alb in the manifest",
    },
  );
}

async function readTaggedSubnets(
  spec: WorkloadSpec,
  { stack }: EnvironmentStack,
  account: Account,
): Promise<readonly string[] | undefined> {
  const placement = spec.network?.placement;
  if (placement?.kind !== "subnet-tags") return undefined;
  const found = await (await account.network()).subnetsByTags(stack.outputs["VpcId"] ?? "", placement.tags);
  if (found.length > 0) return found;
  throw new Problem(
    "subnets-not-found",
    `compile ${spec.name}: no subnet of the environment's network has the tags of network.vpc.placement.subnets.from_tags`,
    { hint: "correct the tags in the manifest or on the subnets" },
  );
}

async function readTopics(spec: WorkloadSpec, account: Account): Promise<readonly string[] | undefined> {
  if ((spec.subscribes?.topics.length ?? 0) === 0) return undefined;
  const tags = { "copilot-application": spec.application, "copilot-environment": spec.environment };
  return (await (await account.tagged()).find("sns", tags)).map(({ arn }) => arn);
}
