import { getAtt } from "../../cloudformation/intrinsics.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import type { ImportedLoadBalancer } from "../../workload-facts.ts";
import { aliasRecords } from "./alias-records.ts";
import type { HttpRouting } from "./http-routing.ts";
import { listenerRules } from "./listener-rules.ts";
import { toOrdinal } from "./naming.ts";

/** Rules on a load balancer that the manifest imports. With an HTTPS listener, its HTTP listener only redirects. */
export function importedLoadBalancerRules(routing: HttpRouting, imported: ImportedLoadBalancer): Resources {
  const http = imported.listeners.find(({ protocol }) => protocol === "HTTP");
  const https = imported.listeners.find(({ protocol }) => protocol === "HTTPS");
  const records = routing.aliases.length === 0 ? {} : aliasRecords(routing);
  if (https === undefined) return { ...records, ...(http === undefined ? {} : forwardHttp(routing, http.arn)) };
  return { ...records, ...forwardHttps(routing, https.arn), ...(http === undefined ? {} : redirectHttp(routing, http.arn)) };
}

const forwardHttp = (routing: HttpRouting, listenerArn: string): Resources =>
  listenerRules(routing, {
    listenerArn,
    ruleId: "HTTPListenerRuleForImportedALB",
    priorityId: "HTTPRulePriorityAction",
    redirects: () => false,
    defaultHosts: [],
  });

const forwardHttps = (routing: HttpRouting, listenerArn: string): Resources =>
  listenerRules(routing, {
    listenerArn,
    ruleId: "HTTPSListenerRuleForImportedALB",
    priorityId: "HTTPSRulePriorityAction",
    redirects: () => false,
    defaultHosts: [],
  });

const redirectHttp = (routing: HttpRouting, listenerArn: string): Resources =>
  listenerRules(routing, {
    listenerArn,
    ruleId: "HTTPListenerRedirectRuleForImportedALB",
    priorityId: "HTTPRedirectRulePriorityAction",
    redirects: () => true,
    defaultHosts: [],
  });

/** Lets an imported load balancer into the environment's security group. */
export const importedLoadBalancerAccess = ({ securityGroups }: ImportedLoadBalancer): Resources =>
  Object.fromEntries(
    securityGroups.map((securityGroup, index) => [
      `EnvironmentSecurityGroupIngressFromImportedALB${toOrdinal(index)}`,
      resource("AWS::EC2::SecurityGroupIngress", {
        GroupId: getAtt("EnvControllerAction", "EnvironmentSecurityGroup"),
        Description: "Ingress from the imported ALB",
        SourceSecurityGroupId: securityGroup,
        IpProtocol: "-1",
      }),
    ]),
  );
