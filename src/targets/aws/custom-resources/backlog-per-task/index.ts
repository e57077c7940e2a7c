import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { messageOf } from "../lambda/message-of.ts";
import { backlogLines, toBacklogSettings, type QueueConsumers } from "./backlog-per-task.ts";

/** The calls, made by clients. */
export function ecsQueueConsumers(ecs: ECSClient, sqs: SQSClient): QueueConsumers {
  return {
    runningTasks: async (cluster, service) => {
      const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
      return services[0]?.runningCount;
    },
    waitingMessages: async (queueName) => {
      const { QueueUrl: url } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName }));
      const { Attributes: attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["ApproximateNumberOfMessages"] }),
      );
      return Number(attributes?.["ApproximateNumberOfMessages"] ?? 0);
    },
  };
}

const consumers = ecsQueueConsumers(new ECSClient(), new SQSClient());

/** What Lambda calls each minute. A failure is logged and not thrown: Lambda would only try the same again at once. */
export async function handler(): Promise<void> {
  try {
    for (const line of await backlogLines(consumers, toBacklogSettings(process.env), Date.now())) process.stdout.write(`${line}\n`);
  } catch (error) {
    process.stderr.write(`No backlog could be measured: ${messageOf(error)}\n`);
  }
}
