/** The calls that the function makes. */
export interface QueueConsumers {
  /** How many tasks of a service run; `undefined` when there is no such service. */
  readonly runningTasks: (cluster: string, service: string) => Promise<number | undefined>;
  /** How many messages wait in a queue, about. */
  readonly waitingMessages: (queueName: string) => Promise<number>;
}

/** What the function's environment variables say. */
export interface BacklogSettings {
  readonly cluster: string;
  readonly service: string;
  /** The namespace of the metric in CloudWatch. */
  readonly namespace: string;
  readonly queues: readonly string[];
}

/** Reads the settings from environment variables. */
export function toBacklogSettings(variables: Readonly<Record<string, string | undefined>>): BacklogSettings {
  const { CLUSTER_NAME: cluster = "", SERVICE_NAME: service = "", NAMESPACE: namespace = "", QUEUE_NAMES: queues = "" } = variables;
  return { cluster, service, namespace, queues: queues.split(",").filter((name) => name !== "") };
}

/**
 * One line a queue in CloudWatch's embedded metric format: waiting messages per running task, rounded up; with no task running they count
 * for one. All or none: a partial picture would scale wrongly.
 */
export async function backlogLines(consumers: QueueConsumers, settings: BacklogSettings, now: number): Promise<readonly string[]> {
  const running = await consumers.runningTasks(settings.cluster, settings.service);
  if (running === undefined) throw new Error(`Service ${settings.service} of cluster ${settings.cluster} does not exist`);
  return Promise.all(
    settings.queues.map(async (queue) => {
      const waiting = await consumers.waitingMessages(queue);
      return toMetricLine(settings.namespace, { queue, backlog: Math.ceil(waiting / Math.max(1, running)), now });
    }),
  );
}

function toMetricLine(namespace: string, point: { readonly queue: string; readonly backlog: number; readonly now: number }): string {
  const metrics = { Namespace: namespace, Dimensions: [["QueueName"]], Metrics: [{ Name: "BacklogPerTask", Unit: "Count" }] };
  return JSON.stringify({
    _aws: { Timestamp: point.now, CloudWatchMetrics: [metrics] },
    QueueName: point.queue,
    BacklogPerTask: point.backlog,
  });
}
