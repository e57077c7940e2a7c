import type { NetworkListener, WorkloadSpec } from "../../src/model/workload-spec.ts";
import { compileWorkload } from "../../src/targets/aws/compile-workload.ts";
import type { CompiledWorkload } from "../../src/targets/aws/compile-workload.ts";
import { isJsonObject } from "../../src/targets/aws/cloudformation/json.ts";
import type { JsonObject } from "../../src/targets/aws/cloudformation/json.ts";
import { workloadFunctionNames } from "../../src/targets/aws/workload-facts.ts";
import type { WorkloadFacts, WorkloadFunctionName } from "../../src/targets/aws/workload-facts.ts";

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
