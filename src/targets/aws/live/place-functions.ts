import type { FunctionOwner } from "../custom-resources/functions.ts";
import { readFunctionArchives, type FunctionArchive } from "../custom-resources/read-archives.ts";
import type { EnvironmentFacts } from "../environment-facts.ts";
import type { WorkloadFacts } from "../workload-facts.ts";
import type { ArtifactStore } from "./artifact-store.ts";

/** The archives of the functions that a kind of template may have. */
export type FunctionArchives = (owner: FunctionOwner) => Promise<readonly FunctionArchive[]>;

/** The archives in a folder, each read once. */
export function functionArchivesIn(folder: string): FunctionArchives {
  const known = new Map<FunctionOwner, Promise<readonly FunctionArchive[]>>();
  return (owner) => {
    const reading = known.get(owner) ?? readFunctionArchives(folder, owner);
    known.set(owner, reading);
    return reading;
  };
}

async function places(archives: readonly FunctionArchive[], store: ArtifactStore) {
  const placed = await Promise.all(
    archives.map(async ({ logicalId, key, content }) => [logicalId, await store.place(key, content)] as const),
  );
  const known = new Map(placed);
  // A template names no function but those of its set, so that the place of another is never looked at.
  return (logicalId: string) => known.get(logicalId) ?? { bucket: store.bucket, key: "" };
}

/** Where the functions of a workload's template lie. */
export async function placeWorkloadFunctions(
  archives: readonly FunctionArchive[],
  store: ArtifactStore,
): Promise<WorkloadFacts["functions"]> {
  const at = await places(archives, store);
  return {
    BacklogPerTaskCalculatorFunction: at("BacklogPerTaskCalculatorFunction"),
    CertificateValidationFunction: at("CertificateValidationFunction"),
    CustomDomainFunction: at("CustomDomainFunction"),
    DynamicDesiredCountFunction: at("DynamicDesiredCountFunction"),
    EnvControllerFunction: at("EnvControllerFunction"),
    NLBCertValidatorFunction: at("NLBCertValidatorFunction"),
    NLBCustomDomainFunction: at("NLBCustomDomainFunction"),
    RulePriorityFunction: at("RulePriorityFunction"),
    TriggerStateMachineFunction: at("TriggerStateMachineFunction"),
  };
}

/** Where the functions of an environment's template lie. */
export async function placeEnvironmentFunctions(
  archives: readonly FunctionArchive[],
  store: ArtifactStore,
): Promise<EnvironmentFacts["functions"]> {
  const at = await places(archives, store);
  return {
    BucketCleanerFunction: at("BucketCleanerFunction"),
    CertificateReplicatorFunction: at("CertificateReplicatorFunction"),
    CertificateValidationFunction: at("CertificateValidationFunction"),
    CustomDomainFunction: at("CustomDomainFunction"),
    DNSDelegationFunction: at("DNSDelegationFunction"),
    UniqueJSONValuesFunction: at("UniqueJSONValuesFunction"),
  };
}
