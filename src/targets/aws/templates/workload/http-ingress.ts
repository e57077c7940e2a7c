import { getAtt, join, ref } from "../../cloudformation/intrinsics.ts";
import type { Text } from "../../cloudformation/intrinsics.ts";
import type { Resources } from "../../cloudformation/template.ts";
import type { WorkloadFacts } from "../../workload-facts.ts";
import { aliasRecords, defaultPublicRecord, internalRecord } from "./alias-records.ts";
import type { HttpRouting } from "./http-routing.ts";
import { httpTargetGroups } from "./http-target-groups.ts";
import { importedLoadBalancerRules } from "./imported-load-balancer.ts";
import { listenerRules } from "./listener-rules.ts";
import { environmentExport } from "./naming.ts";
import { rulePriorityFunction } from "./rule-priority.ts";

/** Everything by which an application load balancer reaches the workload. */
export function httpIngress(routing: HttpRouting, facts: WorkloadFacts): Resources {
  const shared = { ...httpTargetGroups(routing), ...rulePriorityFunction(facts) };
  if (routing.imported !== undefined) return { ...shared, ...importedLoadBalancerRules(routing, routing.imported) };
  return { ...shared, ...(routing.https ? httpsRules(routing) : httpRules(routing)) };
}

/** Logical IDs of the rules that must be there before the service's tasks are. */
export function listenerRuleIds({ rules, imported, https }: HttpRouting): readonly string[] {
  return rules.flatMap(({ ordinal }) => {
    if (imported !== undefined) {
      const has = (protocol: string): boolean => imported.listeners.some((listener) => listener.protocol === protocol);
      if (!has("HTTPS")) return has("HTTP") ? [`HTTPListenerRuleForImportedALB${ordinal}`] : [];
      return [`HTTPSListenerRuleForImportedALB${ordinal}`, ...(has("HTTP") ? [`HTTPListenerRedirectRuleForImportedALB${ordinal}`] : [])];
    }
    return https ? [`HTTPListenerRuleWithDomain${ordinal}`, `HTTPSListenerRule${ordinal}`] : [`HTTPListenerRule${ordinal}`];
  });
}

/** ARN of a listener of the environment's own load balancer. */
const ownListener = ({ scope }: HttpRouting, protocol: "HTTP" | "HTTPS"): Text =>
  getAtt("EnvControllerAction", `${scope === "internal" ? "Internal" : ""}${protocol}ListenerArn`);

/** Without HTTPS, services behind the internal load balancer share it by names in a zone of the network. */
const httpRules = (routing: HttpRouting): Resources => ({
  ...(routing.scope === "internal" ? internalRecord() : {}),
  ...listenerRules(routing, {
    listenerArn: ownListener(routing, "HTTP"),
    ruleId: "HTTPListenerRule",
    priorityId: "HTTPRulePriorityAction",
    redirects: () => false,
    defaultHosts:
      routing.scope === "internal"
        ? [
            getAtt("EnvControllerAction", "InternalLoadBalancerDNSName"),
            join(".", [ref("WorkloadName"), getAtt("EnvControllerAction", "InternalWorkloadsHostedZoneName")]),
          ]
        : [],
  }),
});

function httpsRules(routing: HttpRouting): Resources {
  const defaultHosts = [join(".", [ref("WorkloadName"), environmentExport("SubDomain")])];
  return {
    ...(routing.aliases.length === 0 ? defaultPublicRecord() : aliasRecords(routing)),
    ...listenerRules(routing, {
      listenerArn: ownListener(routing, "HTTP"),
      ruleId: "HTTPListenerRuleWithDomain",
      priorityId: "HTTPRuleWithDomainPriorityAction",
      redirects: (rule) => rule.redirectToHttps,
      defaultHosts,
    }),
    ...listenerRules(routing, {
      listenerArn: ownListener(routing, "HTTPS"),
      ruleId: "HTTPSListenerRule",
      priorityId: "HTTPSRulePriorityAction",
      redirects: () => false,
      defaultHosts,
    }),
  };
}
