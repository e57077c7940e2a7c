import type { TopicSpec, WorkloadSpec } from "../../../../model/workload-spec.ts";
import { ref, sub } from "../../cloudformation/intrinsics.ts";
import type { Ref } from "../../cloudformation/intrinsics.ts";
import { accountRoot, policyDocument } from "../../cloudformation/policy.ts";
import type { IAMRolePolicy } from "../../cloudformation/resource-types.ts";
import { mergeResources, resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import type { WorkloadFacts } from "../../workload-facts.ts";
import { sortedEntries, toLogicalId } from "./naming.ts";
import { rolePolicy } from "./roles.ts";

/** A topic's name on AWS, where those that keep an order end in `.fifo`. */
const nameOf = (topic: TopicSpec): string => (topic.fifo === undefined ? topic.name : `${topic.name}.fifo`);

const idOf = (topic: TopicSpec): string => `${toLogicalId(nameOf(topic))}SNSTopic`;

/** The topics that a workload publishes to, each open to queues of the account. */
export const topics = ({ publishes }: WorkloadSpec): Resources => mergeResources(publishes.map(topicResources));

function topicResources(topic: TopicSpec): Resources {
  const id = idOf(topic);
  return {
    [id]: resource(
      "AWS::SNS::Topic",
      {
        TopicName: sub(`\${AWS::StackName}-${nameOf(topic)}`),
        FifoTopic: topic.fifo === undefined ? undefined : true,
        ContentBasedDeduplication: topic.fifo?.contentBasedDeduplication,
        KmsMasterKeyId: "alias/aws/sns",
      },
      { description: `An SNS ${topic.fifo === undefined ? "" : "FIFO "}topic for ${nameOf(topic)} events` },
    ),
    [`${id}Policy`]: resource(
      "AWS::SNS::TopicPolicy",
      {
        Topics: [ref(id)],
        PolicyDocument: policyDocument({
          Effect: "Allow",
          Principal: { AWS: accountRoot },
          Action: ["sns:Subscribe"],
          Resource: ref(id),
          Condition: { StringEquals: { "sns:Protocol": "sqs" } },
        }),
      },
      { dependsOn: id },
    ),
  };
}

/** ARNs of a workload's topics by name, as its containers see them. */
export function topicArns(spec: WorkloadSpec, facts: WorkloadFacts): Readonly<Record<string, string>> {
  const prefix = `arn:${facts.partition}:sns:${facts.region}:${facts.account}:${spec.application}-${spec.environment}-${spec.name}`;
  const arns = Object.fromEntries(spec.publishes.map((topic) => [nameOf(topic), `${prefix}-${nameOf(topic)}`]));
  return Object.fromEntries(sortedEntries(arns));
}

/** Lets a role publish to the workload's topics; none when it has no topics. */
export function publishPolicy({ publishes }: WorkloadSpec): readonly IAMRolePolicy[] {
  const references: readonly Ref[] = publishes.map((topic) => ref(idOf(topic)));
  return references.length === 0 ? [] : [rolePolicy("Publish2SNS", { Effect: "Allow", Action: "sns:Publish", Resource: references })];
}
