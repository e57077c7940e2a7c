import type { QueueSpec, SubscriptionSpec } from "../../../../model/workload-spec.ts";
import { getAtt, join, ref, sub } from "../../cloudformation/intrinsics.ts";
import type { Text } from "../../cloudformation/intrinsics.ts";
import { toJsonObject } from "../../cloudformation/json.ts";
import { policyDocument } from "../../cloudformation/policy.ts";
import type { PolicyStatement } from "../../cloudformation/policy.ts";
import type { SQSQueue } from "../../cloudformation/resource-types.ts";
import { mergeResources, resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { toLogicalId } from "./naming.ts";
import { queueKey } from "./queue-key.ts";
import { wholeSeconds } from "./whole-seconds.ts";

/** A topic that a worker subscribes to. */
export interface Subscription {
  readonly topic: SubscriptionSpec["topics"][number];
  /** Its name on AWS: a topic that feeds a FIFO queue is a FIFO topic, which ends in `.fifo`. */
  readonly topicName: string;
  /** Beginning of the logical IDs of its resources. */
  readonly id: string;
}

/** The subscriptions of a worker. */
export const subscriptionsOf = (subscribes: SubscriptionSpec | undefined): readonly Subscription[] =>
  (subscribes?.topics ?? []).map((topic) => {
    const fifo = (topic.queue ?? subscribes?.queue)?.fifo;
    const topicName = fifo === undefined ? topic.name : `${topic.name}.fifo`;
    return { topic, topicName, id: toLogicalId(topic.service) + toLogicalId(topicName) };
  });

/** Subscriptions that have a queue of their own. */
export const queuedTopics = (subscriptions: readonly Subscription[]): readonly Subscription[] =>
  subscriptions.filter(({ topic }) => topic.queue !== undefined);

/** The queues of a worker, their dead letters, who may write to them, and the subscriptions that feed them. */
export function queues(subscribes: SubscriptionSpec | undefined): Resources {
  const subscriptions = subscriptionsOf(subscribes);
  const shared = subscriptions.filter(({ topic }) => topic.queue === undefined);
  return {
    ...queueKey(),
    ...queue("", subscribes?.queue ?? {}, "messages"),
    QueuePolicy: queuePolicy("EventsQueue", [
      receiveFrom("EventsQueue"),
      ...shared.map((subscription) => sendFromTopic("EventsQueue", topicArn(subscription))),
    ]),
    ...mergeResources(subscriptions.map(subscriptionResources)),
  };
}

function subscriptionResources(subscription: Subscription): Resources {
  const { topic, topicName, id } = subscription;
  const own = topic.queue;
  return {
    [`${id}SNSTopicSubscription`]: resource(
      "AWS::SNS::Subscription",
      {
        TopicArn: topicArn(subscription),
        Protocol: "sqs",
        FilterPolicy: isEmpty(topic.filterPolicy) ? undefined : toJsonObject(topic.filterPolicy ?? {}),
        Endpoint: getAtt(own === undefined ? "EventsQueue" : `${id}EventsQueue`, "Arn"),
      },
      { description: `An SNS subscription to topic ${topicName} of service ${topic.service}` },
    ),
    ...(own === undefined
      ? {}
      : {
          ...queue(id, own, `messages of topic ${topicName}`),
          [`${id}QueuePolicy`]: queuePolicy(`${id}EventsQueue`, [
            receiveFrom(`${id}EventsQueue`),
            sendFromTopic(`${id}EventsQueue`, allowedTopicArn(subscription)),
          ]),
        }),
  };
}

const isEmpty = (value: object | undefined): boolean => value === undefined || Object.keys(value).length === 0;

function queue(id: string, settings: QueueSpec, content: string): Resources {
  const kind = settings.fifo === undefined ? "An SQS queue" : "An SQS FIFO queue";
  const deadLetters = `${id}DeadLetterQueue`;
  const main = resource(
    "AWS::SQS::Queue",
    {
      KmsMasterKeyId: ref("EventsKMSKey"),
      MessageRetentionPeriod: wholeSeconds(settings.retention),
      DelaySeconds: wholeSeconds(settings.delay),
      VisibilityTimeout: wholeSeconds(settings.timeout),
      RedrivePolicy:
        settings.deadLetterTries === undefined
          ? undefined
          : { deadLetterTargetArn: getAtt(deadLetters, "Arn"), maxReceiveCount: settings.deadLetterTries },
      ...fifoProperties(settings.fifo),
    },
    { description: `${kind} that buffers ${content}` },
  );
  const resources: Resources = { [`${id}EventsQueue`]: main };
  return settings.deadLetterTries === undefined ? resources : { ...resources, ...deadLetterQueue(id, settings) };
}

/** High throughput is what two settings give together. */
function fifoProperties(fifo: QueueSpec["fifo"]): Partial<SQSQueue> {
  if (fifo === undefined) return {};
  const high = fifo.highThroughput === true;
  return {
    FifoQueue: true,
    FifoThroughputLimit: high ? "perMessageGroupId" : fifo.throughputLimit,
    DeduplicationScope: high ? "messageGroup" : fifo.deduplicationScope,
    ContentBasedDeduplication: fifo.contentBasedDeduplication,
  };
}

const fourteenDays = 14 * 24 * 60 * 60;

const deadLetterQueue = (id: string, settings: QueueSpec): Resources => ({
  [`${id}DeadLetterQueue`]: resource(
    "AWS::SQS::Queue",
    {
      KmsMasterKeyId: ref("EventsKMSKey"),
      MessageRetentionPeriod: fourteenDays,
      FifoQueue: settings.fifo === undefined ? undefined : true,
    },
    { description: "An SQS queue that keeps the messages which could not be processed" },
  ),
  [`${id}DeadLetterPolicy`]: queuePolicy(`${id}DeadLetterQueue`, [receiveFrom(`${id}DeadLetterQueue`)]),
});

const queuePolicy = (queueId: string, statements: readonly PolicyStatement[]) =>
  resource("AWS::SQS::QueuePolicy", { Queues: [ref(queueId)], PolicyDocument: policyDocument(...statements) });

const receiveFrom = (queueId: string): PolicyStatement => ({
  Effect: "Allow",
  Principal: { AWS: [getAtt("TaskRole", "Arn")] },
  Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage"],
  Resource: getAtt(queueId, "Arn"),
});

const sendFromTopic = (queueId: string, topic: Text): PolicyStatement => ({
  Effect: "Allow",
  Principal: { Service: "sns.amazonaws.com" },
  Action: ["sqs:SendMessage"],
  Resource: getAtt(queueId, "Arn"),
  Condition: { ArnEquals: { "aws:SourceArn": topic } },
});

const topicArn = ({ topic, topicName }: Subscription): Text => arnOfTopic(`${topic.service}-${topicName}`);

/** Live stacks name a standard topic's queue policy by the letters and digits of the topic only, and a changed policy would be an update. */
const allowedTopicArn = (subscription: Subscription): Text =>
  subscription.topic.queue?.fifo === undefined
    ? arnOfTopic(`${subscription.topic.service}-${toLogicalId(subscription.topicName)}`)
    : topicArn(subscription);

const arnOfTopic = (ending: string): Text =>
  join("", [sub("arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:"), ref("AppName"), "-", ref("EnvName"), `-${ending}`]);
