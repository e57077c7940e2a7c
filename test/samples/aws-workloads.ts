import type { ContainerSpec, HttpRule, NetworkListener, TaskSpec, WorkloadSpec } from "../../src/model/workload-spec.ts";
import { compileWorkload } from "../../src/targets/aws/compile-workload.ts";
import type { CompiledWorkload } from "../../src/targets/aws/compile-workload.ts";
import { isJsonObject } from "../../src/targets/aws/cloudformation/json.ts";
import type { JsonObject } from "../../src/targets/aws/cloudformation/json.ts";
import { workloadFunctionNames } from "../../src/targets/aws/workload-facts.ts";
import type { WorkloadFacts, WorkloadFunctionName } from "../../src/targets/aws/workload-facts.ts";

/** The main container of the sample workloads, listening on port 8080. */
export const sampleContainer = (changes: Partial<ContainerSpec> = {}): ContainerSpec => ({
  name: "api",
  image: { kind: "location", location: "example/api:1" },
  essential: true,
  ports: [{ port: 8080, protocol: "tcp" }],
  ownPort: 8080,
  variables: {},
  secrets: {},
  dependsOn: {},
  mountPoints: [],
  labels: {},
  ...changes,
});

/** A task of one container. */
export const sampleTask = (changes: Partial<TaskSpec> = {}): TaskSpec => ({
  containers: [sampleContainer()],
  cpu: 256,
  memory: 512,
  readonlyRootFilesystem: false,
  volumes: [],
  exec: false,
  logRetentionDays: 30,
  taskDefinitionOverrides: [],
  ...changes,
});

/** A Backend Service without anything special. */
export const sampleSpec = (changes: Partial<WorkloadSpec> = {}): WorkloadSpec => ({
  application: "shop",
  environment: "test",
  name: "api",
  type: "Backend Service",
  manifest: "name: api\n",
  task: sampleTask(),
  count: { kind: "fixed", tasks: 1 },
  network: { placement: { kind: "public" }, securityGroups: [], denyDefaultSecurityGroup: false },
  publishes: [],
  ...changes,
});

/** A rule that sends everything to the main container. */
export const sampleRule = (changes: Partial<HttpRule> = {}): HttpRule => ({
  path: "/",
  aliases: [],
  targetContainer: "api",
  targetPort: 8080,
  healthCheck: {},
  stickiness: false,
  deregistrationDelay: 60,
  allowedSourceIps: [],
  redirectToHttps: true,
  ...changes,
});

/** A listener for TCP on port 443. */
export const sampleListener = (changes: Partial<NetworkListener> = {}): NetworkListener => ({
  port: 443,
  protocol: "tcp",
  targetContainer: "api",
  targetPort: 8080,
  healthCheck: {},
  deregistrationDelay: 60,
  ...changes,
});

const functions = Object.fromEntries(workloadFunctionNames.map((name) => [name, { bucket: "artifacts", key: `${name}.zip` }])) as Record<
  WorkloadFunctionName,
  { bucket: string; key: string }
>;

/** An account with an environment without domain or certificates. */
export const sampleFacts = (changes: Partial<WorkloadFacts> = {}): WorkloadFacts => ({
  version: "v2.0.0",
  partition: "aws",
  region: "eu-west-1",
  account: "111122223333",
  application: { account: "444455556666" },
  environment: {
    version: "v2.0.0",
    serviceDiscoveryEndpoint: "test.shop.local",
    certificates: { publicHttp: [], privateHttp: [] },
    cdn: false,
  },
  artifacts: { keyArn: "arn:aws:kms:eu-west-1:444455556666:key/k" },
  functions,
  images: {},
  envFileArns: {},
  tags: {},
  deploymentId: "deployment-1",
  ...changes,
});

/** Compiles what is known to compile. */
export function compileSample(spec: WorkloadSpec, facts: WorkloadFacts = sampleFacts()): CompiledWorkload {
  const result = compileWorkload(spec, facts);
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join("\n"));
  return result.value;
}

/** The resources of a compiled workload by logical ID. */
export function resourcesOf({ document }: CompiledWorkload): JsonObject {
  const resources = document["Resources"];
  if (!isJsonObject(resources)) throw new Error("the template has no resources");
  return resources;
}

/** The properties of one resource. */
export function propertiesOf(compiled: CompiledWorkload, logicalId: string): JsonObject {
  const resource = resourcesOf(compiled)[logicalId];
  if (!isJsonObject(resource) || !isJsonObject(resource["Properties"])) throw new Error(`there is no resource ${logicalId}`);
  return resource["Properties"];
}
