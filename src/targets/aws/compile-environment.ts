import type { EnvironmentSpec } from "../../model/environment-spec.ts";
import { Problem } from "../../model/problem.ts";
import type { CompiledStack } from "./compiled-stack.ts";
import type { EnvironmentFacts, EnvironmentStackFacts } from "./environment-facts.ts";
import { accountPrincipalArn } from "./environment-facts.ts";
import { environmentParameterValues } from "./templates/environment/parameter-values.ts";
import { bootstrapTemplate, environmentTemplate } from "./templates/environment/template.ts";

/** Name of an environment's stack. */
export const environmentStackName = (application: string, environment: string): string => `${application}-${environment}`;

const tagsOf = (facts: EnvironmentStackFacts, application: string, environment: string): Readonly<Record<string, string>> => ({
  ...facts.tags,
  "copilot-application": application,
  "copilot-environment": environment,
});

/** The stack of an environment as its manifest asks for it. Throws a Problem when CloudFront's prefix list is needed and unknown. */
export function compileEnvironment(spec: EnvironmentSpec, facts: EnvironmentFacts): CompiledStack {
  if (spec.publicHttp.restrictToCdn && facts.cloudFrontPrefixList === undefined) {
    throw new Problem(
      "prefix-list-not-found",
      `The environment ${spec.name} cannot be restricted to CloudFront: its region has no prefix list of CloudFront`,
      { hint: "Restrict http.public.ingress by source_ips instead of cdn." },
    );
  }
  return {
    name: environmentStackName(spec.application, spec.name),
    template: environmentTemplate({ spec, facts }),
    parameters: environmentParameterValues(spec, facts),
    tags: tagsOf(facts, spec.application, spec.name),
  };
}

/** The stack with which the environment `name` of `application` begins. */
export function compileBootstrap(application: string, name: string, facts: EnvironmentStackFacts): CompiledStack {
  return {
    name: environmentStackName(application, name),
    template: bootstrapTemplate(facts),
    parameters: { AppName: application, EnvironmentName: name, ToolsAccountPrincipalARN: accountPrincipalArn(facts) },
    tags: tagsOf(facts, application, name),
  };
}
