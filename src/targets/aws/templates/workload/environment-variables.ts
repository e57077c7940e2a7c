import type { ContainerSpec, SubscriptionSpec, ValueOrImport } from "../../../../model/workload-spec.ts";
import { getAtt, ref, sub } from "../../cloudformation/intrinsics.ts";
import type { Text } from "../../cloudformation/intrinsics.ts";
import type { ECSTaskDefinitionKeyValuePair } from "../../cloudformation/resource-types.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import { sortedEntries, toLogicalId, toVariableName } from "./naming.ts";
import { queuedTopics, subscriptionsOf } from "./queues.ts";
import { addonsOutput, toText } from "./secrets.ts";
import { topicArns } from "./topics.ts";

const variable = (name: string, value: Text): ECSTaskDefinitionKeyValuePair => ({ Name: name, Value: value });

/** Variables of a manifest, by name. */
export const manifestVariables = (variables: Readonly<Record<string, ValueOrImport>>): readonly ECSTaskDefinitionKeyValuePair[] =>
  sortedEntries(variables).map(([name, value]) => variable(name, toText(value)));

/** The variables that Copilot gives to every container of a workload. */
export function injectedVariables(workload: EcsWorkload): readonly ECSTaskDefinitionKeyValuePair[] {
  const { spec, facts } = workload;
  return [
    variable("COPILOT_APPLICATION_NAME", sub("${AppName}")),
    variable("COPILOT_SERVICE_DISCOVERY_ENDPOINT", facts.environment.serviceDiscoveryEndpoint),
    variable("COPILOT_ENVIRONMENT_NAME", sub("${EnvName}")),
    variable("COPILOT_SERVICE_NAME", sub("${WorkloadName}")),
    ...(facts.addons?.variables ?? []).map((output) => variable(toVariableName(output), addonsOutput(output))),
    ...(spec.publishes.length === 0 ? [] : [variable("COPILOT_SNS_TOPIC_ARNS", JSON.stringify(topicArns(spec, facts)))]),
    ...(spec.type === "Worker Service" ? [variable("COPILOT_QUEUE_URI", ref("EventsQueue"))] : []),
    ...topicQueueVariable(spec.subscribes),
    ...loadBalancerVariable(workload),
  ];
}

/** Tells a container where the volumes are that it mounts. */
export function mountPointVariable(container: ContainerSpec): readonly ECSTaskDefinitionKeyValuePair[] {
  if (container.mountPoints.length === 0) return [];
  const paths = Object.fromEntries(container.mountPoints.map(({ volume, path }) => [volume, path]));
  return [variable("COPILOT_MOUNT_POINTS", JSON.stringify(Object.fromEntries(sortedEntries(paths))))];
}

function topicQueueVariable(subscription: SubscriptionSpec | undefined): readonly ECSTaskDefinitionKeyValuePair[] {
  const topics = queuedTopics(subscriptionsOf(subscription));
  if (topics.length === 0) return [];
  const placeholders = topics.map(({ topic, topicName }) => {
    const service = toLogicalId(topic.service);
    const name = toLogicalId(topicName);
    return [`${service}${name.charAt(0).toUpperCase()}${name.slice(1).toLowerCase()}EventsQueue`, `\${${service}${name}URL}`] as const;
  });
  const urls = topics.map(({ id }) => [`${id}URL`, ref(`${id}EventsQueue`)] as const);
  const text = JSON.stringify(Object.fromEntries(sortedEntries(Object.fromEntries(placeholders))));
  return [variable("COPILOT_TOPIC_QUEUE_URIS", sub(text, Object.fromEntries(urls)))];
}

function loadBalancerVariable({ routing }: EcsWorkload): readonly ECSTaskDefinitionKeyValuePair[] {
  if (routing === undefined) return [];
  const own = getAtt("EnvControllerAction", routing.scope === "public" ? "PublicLoadBalancerDNSName" : "InternalLoadBalancerDNSName");
  return [variable("COPILOT_LB_DNS", routing.imported?.dnsName ?? own)];
}
