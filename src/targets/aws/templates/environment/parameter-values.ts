import type { EnvironmentSpec } from "../../../../model/environment-spec.ts";
import type { EnvironmentFacts } from "../../environment-facts.ts";
import { accountPrincipalArn } from "../../environment-facts.ts";
import { controlledParameters } from "./parameters.ts";

/** The values with which an environment's stack is made or updated, by parameter. */
export function environmentParameterValues(spec: EnvironmentSpec, facts: EnvironmentFacts): Readonly<Record<string, string>> {
  const domain = facts.application.domain ?? "";
  return {
    AppName: spec.application,
    EnvironmentName: spec.name,
    ToolsAccountPrincipalARN: accountPrincipalArn(facts),
    AppDNSName: domain,
    AppDNSDelegationRole: domain === "" ? "" : delegationRole(spec.application, facts),
    CreateHTTPSListener: String(hasCertificates(spec.publicHttp.certificates) || domain !== ""),
    CreateInternalHTTPSListener: String(hasCertificates(spec.privateHttp.certificates)),
    ServiceDiscoveryEndpoint: discoveryEndpoint(spec, facts.deployedParameters),
    // Sent as they are: pipelines apply these files, and CodePipeline knows no "use the previous value".
    ...Object.fromEntries(controlledParameters.map((name) => [name, facts.deployedParameters?.[name] ?? ""])),
  };
}

const hasCertificates = (arns: readonly string[] | undefined): boolean => arns !== undefined && arns.length > 0;

const delegationRole = (application: string, facts: EnvironmentFacts): string =>
  `arn:${facts.partition}:iam::${facts.application.account}:role/${application}-DNSDelegationRole`;

/** The namespace never changes, for its change would replace it; environments older than the parameter share one of the application. */
function discoveryEndpoint(spec: EnvironmentSpec, deployed: EnvironmentFacts["deployedParameters"]): string {
  if (deployed === undefined) return `${spec.name}.${spec.application}.local`;
  return deployed["ServiceDiscoveryEndpoint"] ?? `${spec.application}.local`;
}
