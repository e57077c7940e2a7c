import type { WorkloadSpec } from "../../../../model/workload-spec.ts";
import type { WorkloadFacts } from "../../workload-facts.ts";
import { logRouterName, mainContainer, sidecars } from "./ecs-workload.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import { isHttpsEnabled } from "./http-routing.ts";
import { toScheduleExpression } from "./job-schedule.ts";
import { toLogicalId } from "./naming.ts";

/** Values of a stack's parameters by name; CloudFormation takes texts only. */
export type ParameterValues = Readonly<Record<string, string>>;

/** What the parameters say in place of a port that nothing listens on. */
export const noPort = "-1";

/** Values of the parameters that every workload's stack has. */
export const commonValues = (spec: WorkloadSpec, facts: WorkloadFacts): ParameterValues => ({
  AppName: spec.application,
  EnvName: spec.environment,
  WorkloadName: spec.name,
  AddonsTemplateURL: facts.addons?.templateUrl ?? "",
  ArtifactKeyARN: facts.artifacts.keyArn,
});

/** Reference of the main container's image; empty while it is not pushed. */
export function mainImage(spec: WorkloadSpec, facts: WorkloadFacts): string {
  const image = spec.task === undefined ? undefined : mainContainer(spec.task).image;
  return facts.images[spec.name] ?? (image?.kind === "location" ? image.location : "");
}

/** Values of the parameters of everything that runs on ECS, and of those that its type adds. */
export const ecsValues = (workload: EcsWorkload): ParameterValues => ({
  ...commonValues(workload.spec, workload.facts),
  ContainerImage: mainImage(workload.spec, workload.facts),
  TaskCPU: String(workload.task.cpu),
  TaskMemory: String(workload.task.memory),
  TaskCount: String(taskCount(workload.spec)),
  LogRetention: String(workload.task.logRetentionDays),
  ...environmentFileValues(workload),
  ...typeValues(workload),
});

function taskCount({ count }: WorkloadSpec): number {
  if (count === undefined) return 1;
  return count.kind === "autoscaling" ? count.min : count.tasks;
}

function environmentFileValues({ spec, task, facts }: EcsWorkload): ParameterValues {
  const arnOf = (container: string): string => facts.envFileArns[container] ?? "";
  return {
    EnvFileARN: arnOf(spec.name),
    ...(task.logRouter === undefined ? {} : { LoggingEnvFileARN: arnOf(logRouterName) }),
    ...Object.fromEntries(sidecars(task).map(({ name }) => [`EnvFileARNFor${toLogicalId(name)}`, arnOf(name)])),
  };
}

function typeValues(workload: EcsWorkload): ParameterValues {
  const { spec } = workload;
  switch (spec.type) {
    case "Load Balanced Web Service":
      return { ...targetValues(workload), ...domainValues(workload), ...networkValues(spec) };
    case "Backend Service":
      return targetValues(workload);
    case "Scheduled Job":
      return spec.job === undefined ? {} : { Schedule: toScheduleExpression(spec.job.schedule) };
    default:
      return {};
  }
}

function targetValues({ spec, task, facts }: EcsWorkload): ParameterValues {
  const main = mainContainer(task);
  const port = main.ownPort === undefined ? noPort : String(main.ownPort);
  const target = spec.http?.rules[0];
  return {
    ContainerPort: port,
    TargetContainer: target?.targetContainer ?? main.name,
    TargetPort: target === undefined ? port : String(target.targetPort),
    ...(target === undefined ? {} : { RulePath: target.path, HTTPSEnabled: String(isHttpsEnabled(spec, facts)) }),
  };
}

/** Names under the application's domain need certificates of its own: with imported ones there are none. */
const domainValues = ({ facts }: EcsWorkload): ParameterValues => ({
  DNSDelegated: String(facts.application.domain !== undefined && facts.environment.certificates.publicHttp.length === 0),
});

const networkValues = ({ nlb }: WorkloadSpec): ParameterValues =>
  nlb === undefined ? {} : { NLBAliases: nlb.aliases.map(({ name }) => name).join(","), NLBPort: String(nlb.listeners[0].port) };
