import { and, conditionNamed, equals, not, ref } from "../../cloudformation/intrinsics.ts";
import type { ConditionFunction } from "../../cloudformation/intrinsics.ts";
import type { Parameter } from "../../cloudformation/template.ts";

const text: Parameter = { Type: "String" };
const truth: Parameter = { Type: "String", AllowedValues: [true, false] };

/** The parameters of a bootstrap stack. */
export const bootstrapParameters: Readonly<Record<string, Parameter>> = {
  AppName: text,
  EnvironmentName: text,
  ToolsAccountPrincipalARN: text,
};

/** The parameters of an environment stack. */
export const environmentParameters: Readonly<Record<string, Parameter>> = {
  AppName: text,
  EnvironmentName: text,
  ALBWorkloads: text,
  InternalALBWorkloads: text,
  EFSWorkloads: text,
  NATWorkloads: text,
  AppRunnerPrivateWorkloads: text,
  ToolsAccountPrincipalARN: text,
  AppDNSName: text,
  AppDNSDelegationRole: text,
  Aliases: text,
  CreateHTTPSListener: truth,
  CreateInternalHTTPSListener: truth,
  ServiceDiscoveryEndpoint: text,
};

/**
 * The parameters that belong to the environment controller, in the order in which the `EnabledFeatures` output has them: it adds a
 * workload when its stack is made, and an update of the environment must send them as they are.
 */
export const controlledParameters = [
  "ALBWorkloads",
  "InternalALBWorkloads",
  "EFSWorkloads",
  "NATWorkloads",
  "Aliases",
  "AppRunnerPrivateWorkloads",
] as const;

const isGiven = (parameter: string): ConditionFunction => not(equals(ref(parameter), ""));
const isTrue = (parameter: string): ConditionFunction => equals(ref(parameter), "true");

/** The conditions on which most of an environment's resources hang. */
export const environmentConditions: Readonly<Record<string, ConditionFunction>> = {
  CreateALB: isGiven("ALBWorkloads"),
  CreateInternalALB: isGiven("InternalALBWorkloads"),
  DelegateDNS: isGiven("AppDNSName"),
  ExportHTTPSListener: and(conditionNamed("CreateALB"), isTrue("CreateHTTPSListener")),
  ExportInternalHTTPSListener: and(conditionNamed("CreateInternalALB"), isTrue("CreateInternalHTTPSListener")),
  CreateEFS: isGiven("EFSWorkloads"),
  CreateNATGateways: isGiven("NATWorkloads"),
  CreateAppRunnerVPCEndpoint: isGiven("AppRunnerPrivateWorkloads"),
  ManagedAliases: and(conditionNamed("DelegateDNS"), isGiven("Aliases"), conditionNamed("CreateALB")),
};
