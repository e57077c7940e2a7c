import { getAtt, ref } from "../../cloudformation/intrinsics.ts";
import type { Text } from "../../cloudformation/intrinsics.ts";
import type {
  ElasticLoadBalancingV2ListenerRuleAction,
  ElasticLoadBalancingV2ListenerRuleRuleCondition,
} from "../../cloudformation/resource-types.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { targetGroupId } from "./http-target-groups.ts";
import type { HttpRouting, RoutedRule } from "./http-routing.ts";
import { rulePriorities } from "./rule-priority.ts";

/** The rules that a workload has on one listener. */
export interface ListenerRulesInput {
  readonly listenerArn: Text;
  /** Beginning of the rules' logical IDs. */
  readonly ruleId: string;
  /** Logical ID of the custom resource that finds their priorities. */
  readonly priorityId: string;
  /** Whether a rule sends clients to HTTPS instead of passing their requests on. */
  readonly redirects: (rule: RoutedRule) => boolean;
  /** Host names that a rule without aliases answers; none means any. */
  readonly defaultHosts: readonly Text[];
}

/** A rule for each of the workload's rules on one listener, with their priorities. */
export const listenerRules = (routing: HttpRouting, input: ListenerRulesInput): Resources => ({
  [input.priorityId]: rulePriorities(routing, input.listenerArn),
  ...Object.fromEntries(routing.rules.map((rule) => [`${input.ruleId}${rule.ordinal}`, listenerRule(routing, rule, input)])),
});

function listenerRule(routing: HttpRouting, rule: RoutedRule, input: ListenerRulesInput) {
  const isRedirect = input.redirects(rule);
  return resource(
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    {
      Actions: [isRedirect ? redirectToHttps : { Type: "forward", TargetGroupArn: ref(targetGroupId(routing, rule.ordinal)) }],
      Conditions: conditions(rule, input.defaultHosts),
      ListenerArn: input.listenerArn,
      Priority: getAtt(input.priorityId, `Priority${rule.ordinal}`),
    },
    {
      description: `A rule that ${isRedirect ? "redirects" : "forwards"} requests for \`${rule.path}\` ${isRedirect ? "to HTTPS" : "to your tasks"}`,
    },
  );
}

const redirectToHttps: ElasticLoadBalancingV2ListenerRuleAction = {
  Type: "redirect",
  RedirectConfig: {
    Protocol: "HTTPS",
    Port: "443",
    Host: "#{host}",
    Path: "/#{path}",
    Query: "#{query}",
    StatusCode: "HTTP_301",
  },
};

function conditions(rule: RoutedRule, defaultHosts: readonly Text[]): readonly ElasticLoadBalancingV2ListenerRuleRuleCondition[] {
  const sourceIps = rule.rule.allowedSourceIps;
  const hosts: readonly Text[] = rule.aliases.length > 0 ? rule.aliases : defaultHosts;
  return [
    ...(sourceIps.length === 0 ? [] : [{ Field: "source-ip", SourceIpConfig: { Values: sourceIps } }]),
    ...(hosts.length === 0 ? [] : [{ Field: "host-header", HostHeaderConfig: { Values: hosts } }]),
    { Field: "path-pattern", PathPatternConfig: { Values: rule.pathPatterns } },
  ];
}
