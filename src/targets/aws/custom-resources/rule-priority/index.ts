import { DescribeRulesCommand, ElasticLoadBalancingV2Client, type DescribeRulesOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { toHandler } from "../lambda/custom-resource.ts";
import { rulePriority, type ListRulePriorities } from "./rule-priority.ts";

/** The call, made by a client, page by page. */
export function elasticLoadBalancingRules(client: ElasticLoadBalancingV2Client): ListRulePriorities {
  return async (listenerArn) => {
    const priorities: string[] = [];
    let marker: string | undefined;
    do {
      const page: DescribeRulesOutput = await client.send(new DescribeRulesCommand({ ListenerArn: listenerArn, Marker: marker }));
      priorities.push(...(page.Rules ?? []).flatMap(({ Priority: priority }) => (priority === undefined ? [] : [priority])));
      marker = page.NextMarker;
    } while (marker !== undefined && marker !== "");
    return priorities;
  };
}

/** What Lambda calls. */
export const nextAvailableRulePriorityHandler = toHandler(rulePriority(elasticLoadBalancingRules(new ElasticLoadBalancingV2Client())));
