import type { RequestDrivenSpec, TaskSpec, WorkloadSpec } from "../../../../model/workload-spec.ts";
import { ref } from "../../cloudformation/intrinsics.ts";
import type { Text } from "../../cloudformation/intrinsics.ts";
import type { WorkloadFacts } from "../../workload-facts.ts";
import { asWritten } from "../../cloudformation/written-text.ts";
import { sortedEntries } from "./naming.ts";

/** What the templates of a Request-Driven Web Service are made from. */
export interface AppRunnerWorkload {
  readonly spec: WorkloadSpec;
  readonly task: TaskSpec;
  readonly request: RequestDrivenSpec;
  readonly facts: WorkloadFacts;
}

/** Only a service that is placed in the environment's network sends its own requests through it. */
export const isInNetwork = ({ network }: WorkloadSpec): boolean => network.placement.kind !== "public";

/** Tags of App Runner's resources, which do not get those of the stack. */
export const appRunnerTags = ({ request }: AppRunnerWorkload): readonly { readonly Key: string; readonly Value: Text }[] => [
  { Key: "copilot-application", Value: ref("AppName") },
  { Key: "copilot-environment", Value: ref("EnvName") },
  { Key: "copilot-service", Value: ref("WorkloadName") },
  ...sortedEntries(request.tags).map(([key, value]) => ({ Key: key, Value: asWritten(value) })),
];
