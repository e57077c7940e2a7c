import { either } from "../../manifest/schema/alternatives.ts";
import { dictionary, list } from "../../manifest/schema/collections.ts";
import { optional, required } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { anything, choice, duration, flag, integer, text } from "../../manifest/schema/scalars.ts";
import type { Findings } from "../../manifest/rules.ts";
import type { TreePath } from "../../manifest/tree.ts";
import { nameProblem } from "../../model/names.ts";
import type { QueueSpec, SubscriptionSpec } from "../../model/workload-spec.ts";
import { topicName } from "./publish.ts";
import { given } from "./values.ts";

const fifo = either(
  flag(),
  record({
    content_based_deduplication: optional(flag(), "Recognises duplicates by their content.", { documentedDefault: false }),
    deduplication_scope: optional(choice(["messageGroup", "queue"]), "Where duplicates are looked for.", { docker: "notice" }),
    throughput_limit: optional(choice(["perMessageGroupId", "perQueue"]), "What the throughput limit applies to.", { docker: "notice" }),
    high_throughput: optional(flag(), "Scope and limit for the highest throughput.", { documentedDefault: false, docker: "notice" }),
  }),
);

const queue = record({
  retention: optional(duration(), "Time that a message is kept."),
  delay: optional(duration(), "Time before a message can be read."),
  timeout: optional(duration(), "Time in which a message that was read is hidden from others."),
  dead_letter: optional(
    record({ tries: optional(integer({ min: 0, max: 65_535 }), "Times that a message is read before it is set aside.") }),
    "Sets messages aside that nobody finishes.",
  ),
  fifo: optional(fifo, "Delivers messages in order and once: `true`, or a map.", { documentedDefault: false }),
});

const subscription = record({
  name: required(topicName, "Name of the topic."),
  service: required(
    text({
      noun: "the name of a service",
      minLength: 1,
      problem: (name) =>
        nameProblem(name) === undefined ? undefined : `\`${name}\` cannot be a service's name: ${nameProblem(name) ?? ""}.`,
    }),
    "Service that publishes the topic.",
  ),
  filter_policy: optional(dictionary(anything(), { keyNoun: "attribute" }), "Passes on only messages whose attributes match."),
  queue: optional(either(flag(), queue), "A queue of the topic's own: `true`, or a map.", { documentedDefault: false }),
});

/** What a Worker Service consumes. */
export const subscribe = record({
  topics: optional(list(subscription), "Topics to receive messages of."),
  queue: optional(queue, "The queue that every topic without its own goes to."),
});

type Subscribe = Infer<typeof subscribe>;
type Queue = Infer<typeof queue>;

/** What queues have to satisfy. */
export function checkSubscribe(value: Subscribe | undefined, findings: Findings): void {
  for (const [index, topic] of (value?.topics ?? []).entries())
    if (typeof topic.queue === "object") checkQueue(topic.queue, ["subscribe", "topics", index, "queue"], findings);
  if (value?.queue !== undefined) checkQueue(value.queue, ["subscribe", "queue"], findings);
}

function checkQueue(value: Queue, at: TreePath, findings: Findings): void {
  if (typeof value.fifo !== "object") return;
  const { high_throughput: high, deduplication_scope: scope, throughput_limit: limit } = value.fifo;
  const path = [...at, "fifo", "high_throughput"];
  if (high !== undefined && limit !== undefined)
    findings.error(path, "`high_throughput` sets the limit itself: leave `throughput_limit` out.");
  if (high !== undefined && scope !== undefined)
    findings.error(path, "`high_throughput` sets the scope itself: leave `deduplication_scope` out.");
  if (limit === "perMessageGroupId" && scope === "queue")
    findings.error([...at, "fifo", "throughput_limit"], "With `deduplication_scope: queue`, the limit is `perQueue`.");
}

/** The spec's form of what a Worker Service consumes. */
export function toSubscription(value: Subscribe | undefined): SubscriptionSpec {
  return {
    // Settings of the queue never counted without `topics`; an empty list is enough.
    queue: value?.topics === undefined ? {} : toQueue(value.queue ?? {}),
    topics: (value?.topics ?? []).map((topic) => ({
      service: topic.service,
      name: topic.name,
      ...given("filterPolicy", topic.filter_policy),
      ...given("queue", topic.queue === undefined || topic.queue === false ? undefined : toQueue(topic.queue === true ? {} : topic.queue)),
    })),
  };
}

function toQueue(value: Queue): QueueSpec {
  return {
    ...given("retention", value.retention),
    ...given("delay", value.delay),
    ...given("timeout", value.timeout),
    ...given("deadLetterTries", value.dead_letter?.tries),
    ...given("fifo", toFifo(value.fifo)),
  };
}

function toFifo(value: Queue["fifo"]): QueueSpec["fifo"] {
  if (value === undefined || value === false) return undefined;
  if (value === true) return {};
  return {
    ...given("contentBasedDeduplication", value.content_based_deduplication),
    ...given("deduplicationScope", value.deduplication_scope),
    ...given("throughputLimit", value.throughput_limit),
    ...given("highThroughput", value.high_throughput),
  };
}
