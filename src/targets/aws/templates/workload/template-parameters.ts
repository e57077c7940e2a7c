import type { WorkloadSpec } from "../../../../model/workload-spec.ts";
import { equals, not, partition, ref } from "../../cloudformation/intrinsics.ts";
import type { ConditionFunction } from "../../cloudformation/intrinsics.ts";
import type { JsonObject } from "../../cloudformation/json.ts";
import type { Parameter } from "../../cloudformation/template.ts";
import type { WorkloadFacts } from "../../workload-facts.ts";
import { sidecars } from "./ecs-workload.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import { toLogicalId } from "./naming.ts";

type Parameters = Readonly<Record<string, Parameter>>;
type Conditions = Readonly<Record<string, ConditionFunction>>;

/** A parameter that must be given. */
export const text: Parameter = { Type: "String" };
/** A number that must be given. */
export const number: Parameter = { Type: "Number" };
/** `true` or `false`. */
export const flag: Parameter = { Type: "String", AllowedValues: [true, false] };

const optional = (description: string): Parameter => ({ Type: "String", Description: description, Default: "" });

/** Holds when a parameter is not the empty text. */
export const isGiven = (parameter: string): ConditionFunction => not(equals(ref(parameter), ""));

/** What the template remembers: the version that made it and the manifest it was made from. */
export const templateMetadata = (spec: WorkloadSpec, facts: WorkloadFacts): JsonObject => ({
  Version: facts.version,
  Manifest: spec.manifest === "" ? undefined : spec.manifest,
});

/** Parameters of every workload's template. */
export const commonParameters: Parameters = {
  AppName: text,
  EnvName: text,
  WorkloadName: text,
  AddonsTemplateURL: optional("Where the template of the addons is"),
  ArtifactKeyARN: { Type: "String", Description: "The key that encrypts the artifacts" },
};

/** Condition of every workload's template. */
export const commonConditions: Conditions = { HasAddons: isGiven("AddonsTemplateURL") };

/** Parameters of everything that runs on ECS. `retention` is the default number of days, where the template has one. */
export const ecsParameters = ({ task }: EcsWorkload, retention?: number): Parameters => ({
  ...commonParameters,
  ContainerImage: text,
  TaskCPU: text,
  TaskMemory: text,
  TaskCount: number,
  LogRetention: retention === undefined ? number : { Type: "Number", Default: retention },
  EnvFileARN: optional("The environment file"),
  ...(task.logRouter === undefined ? {} : { LoggingEnvFileARN: optional("The environment file of the log router") }),
  ...Object.fromEntries(
    sidecars(task).map(({ name }) => [`EnvFileARNFor${toLogicalId(name)}`, optional(`The environment file of the sidecar ${name}`)]),
  ),
});

/** Conditions of everything that runs on ECS. */
export const ecsConditions = ({ task }: EcsWorkload): Conditions => ({
  ...commonConditions,
  HasEnvFile: isGiven("EnvFileARN"),
  ...(task.logRouter === undefined ? {} : { HasLoggingEnvFile: isGiven("LoggingEnvFileARN") }),
  ...Object.fromEntries(
    sidecars(task).map(({ name }) => [`HasEnvFileFor${toLogicalId(name)}`, isGiven(`EnvFileARNFor${toLogicalId(name)}`)]),
  ),
});

/** Parameters of a service that load balancers may reach. */
export const targetParameters = ({ routing }: EcsWorkload): Parameters => ({
  ContainerPort: number,
  TargetContainer: text,
  TargetPort: number,
  ...(routing === undefined ? {} : { HTTPSEnabled: flag, RulePath: text }),
});

/** Some settings of ECS services are unknown to AWS GovCloud. */
export const isGovCloud: Conditions = { IsGovCloud: equals(partition, "aws-us-gov") };
