import type { CompiledStack } from "./compiled-stack.ts";
import type { Template } from "./cloudformation/template.ts";
import { applicationRoleNames } from "./templates/application/names.ts";
import type { ApplicationResources } from "./templates/application/resources.ts";
import { applicationResourcesTemplate } from "./templates/application/resources.ts";
import { applicationRolesTemplate } from "./templates/application/roles.ts";

/** What the stacks of an application depend on. */
export interface ApplicationFacts {
  readonly application: string;
  readonly partition: string;
  readonly account: string;
  /** Version of this program as stacks record it, e.g. `v2.0.0`. */
  readonly version: string;
  readonly domain?: { readonly name: string; readonly hostedZoneId: string };
  /** Name of the IAM policy that bounds every role. */
  readonly permissionsBoundary?: string;
  /** Other accounts whose environments may add records to the application's zone. */
  readonly delegatedAccounts: readonly string[];
  /** Tags of the stacks besides those of Copilot. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A StackSet with what CloudFormation must know to make it. */
export interface CompiledStackSet {
  readonly name: string;
  readonly description: string;
  readonly administrationRoleArn: string;
  readonly executionRoleName: string;
  readonly template: Template;
  readonly tags: Readonly<Record<string, string>>;
}

const tagsOf = (facts: ApplicationFacts): Readonly<Record<string, string>> => ({ ...facts.tags, "copilot-application": facts.application });

/** The stack of an application's roles and hosted zone. */
export function compileApplicationRoles(facts: ApplicationFacts): CompiledStack {
  const { application, domain } = facts;
  const roles = applicationRoleNames(application);
  const others = new Set(facts.delegatedAccounts);
  // The first mention keeps its place: an account that was delegated before stays where live stacks have it.
  const delegatedAccounts = [...others.add(facts.account)];
  return {
    name: `${application}-infrastructure-roles`,
    template: applicationRolesTemplate({
      application,
      domain: domain?.name,
      version: facts.version,
      permissionsBoundary: facts.permissionsBoundary,
      delegatedAccounts,
    }),
    parameters: {
      AdminRoleName: roles.administration,
      ExecutionRoleName: roles.execution,
      DNSDelegationRoleName: roles.dnsDelegation,
      AppDNSDelegatedAccounts: delegatedAccounts.join(","),
      AppDomainName: domain?.name ?? "",
      AppDomainHostedZoneID: domain?.hostedZoneId ?? "",
      AppName: application,
    },
    tags: tagsOf(facts),
  };
}

/** The StackSet of what an application has in each region. */
export function compileApplicationStackSet(facts: ApplicationFacts, resources: ApplicationResources): CompiledStackSet {
  const roles = applicationRoleNames(facts.application);
  return {
    name: `${facts.application}-infrastructure`,
    // Live StackSets have this description; another one would be an update of its own.
    description: "ECS CLI Application Resources (ECR repos, KMS keys, S3 buckets)",
    administrationRoleArn: `arn:${facts.partition}:iam::${facts.account}:role/${roles.administration}`,
    executionRoleName: roles.execution,
    template: applicationResourcesTemplate(facts.application, facts.version, resources),
    tags: tagsOf(facts),
  };
}
