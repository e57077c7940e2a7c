import type { Checked } from "../../model/diagnostic.ts";
import type { WorkloadSpec } from "../../model/workload-spec.ts";
import type { JsonObject } from "./cloudformation/json.ts";
import { toTemplateDocument } from "./cloudformation/template.ts";
import type { Template } from "./cloudformation/template.ts";
import { checkDeployment } from "./deployment-checks.ts";
import { backendService } from "./templates/workload/backend-service.ts";
import type { EcsWorkload } from "./templates/workload/ecs-workload.ts";
import { routeHttp } from "./templates/workload/http-routing.ts";
import { loadBalancedWebService } from "./templates/workload/load-balanced-web-service.ts";
import { requestDrivenValues, requestDrivenWebService } from "./templates/workload/request-driven-web-service.ts";
import { scheduledJob } from "./templates/workload/scheduled-job.ts";
import { commonValues, ecsValues } from "./templates/workload/stack-parameters.ts";
import type { ParameterValues } from "./templates/workload/stack-parameters.ts";
import { staticSite } from "./templates/workload/static-site.ts";
import { overrideTaskDefinition } from "./templates/workload/task-definition-overrides.ts";
import { workerService } from "./templates/workload/worker-service.ts";
import type { WorkloadFacts } from "./workload-facts.ts";

/** A workload's stack as it is printed, compared and deployed. */
export interface CompiledWorkload {
  /** Name of the stack. */
  readonly name: string;
  /** The template with `taskdef_overrides` applied; the workspace's own overrides come after it. */
  readonly document: JsonObject;
  readonly parameters: ParameterValues;
  readonly tags: Readonly<Record<string, string>>;
}

/** Name of a workload's stack, which CloudFormation limits to 128 characters. */
export const workloadStackName = (application: string, environment: string, workload: string): string =>
  `${application}-${environment}-${workload}`.slice(0, 128);

/** Compiles a workload for its environment, or tells everything that keeps it from being deployed there. */
export function compileWorkload(spec: WorkloadSpec, facts: WorkloadFacts): Checked<CompiledWorkload> {
  const complaints = checkDeployment(spec, facts);
  if (complaints.length > 0) return { ok: false, diagnostics: complaints };
  const { template, parameters } = compileType(spec, facts);
  const edited = overrideTaskDefinition(toTemplateDocument(template), spec.task?.taskDefinitionOverrides ?? []);
  if (!edited.ok) return edited;
  const value: CompiledWorkload = {
    name: workloadStackName(spec.application, spec.environment, spec.name),
    document: edited.template,
    parameters,
    tags: {
      ...facts.tags,
      "copilot-application": spec.application,
      "copilot-environment": spec.environment,
      "copilot-service": spec.name,
    },
  };
  return { ok: true, value, warnings: [] };
}

const sortedByName = (values: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** The text of a parameters file: names sorted, as `package` writes it and pipelines read it. */
export function writeStackParameters({ parameters, tags }: Pick<CompiledWorkload, "parameters" | "tags">): string {
  return JSON.stringify({ Parameters: sortedByName(parameters), Tags: sortedByName(tags) }, undefined, 2);
}

interface Compiled {
  readonly template: Template;
  readonly parameters: ParameterValues;
}

function compileType(spec: WorkloadSpec, facts: WorkloadFacts): Compiled {
  switch (spec.type) {
    case "Load Balanced Web Service":
      return compileEcs(spec, facts, loadBalancedWebService);
    case "Backend Service":
      return compileEcs(spec, facts, backendService);
    case "Worker Service":
      return compileEcs(spec, facts, workerService);
    case "Scheduled Job":
      return compileEcs(spec, facts, scheduledJob);
    case "Request-Driven Web Service":
      return compileRequestDriven(spec, facts);
    case "Static Site":
      return compileSite(spec, facts);
  }
}

function compileEcs(spec: WorkloadSpec, facts: WorkloadFacts, toTemplate: (workload: EcsWorkload) => Template): Compiled {
  const task = part(spec, spec.task, "task");
  const workload: EcsWorkload = { spec, task, facts, routing: routeHttp(spec, facts) };
  return { template: toTemplate(workload), parameters: ecsValues(workload) };
}

function compileRequestDriven(spec: WorkloadSpec, facts: WorkloadFacts): Compiled {
  const workload = { spec, facts, task: part(spec, spec.task, "task"), request: part(spec, spec.requestDriven, "requestDriven") };
  return { template: requestDrivenWebService(workload), parameters: requestDrivenValues(workload) };
}

const compileSite = (spec: WorkloadSpec, facts: WorkloadFacts): Compiled => ({
  template: staticSite(spec, part(spec, spec.site, "site"), facts),
  parameters: commonValues(spec, facts),
});

/** A capability that every workload of a type has. */
function part<T>(spec: WorkloadSpec, value: T | undefined, name: string): T {
  if (value === undefined) throw new TypeError(`the ${spec.type} ${spec.name} cannot be compiled: it has no ${name}`);
  return value;
}
