import { either } from "../../manifest/schema/alternatives.ts";
import { list } from "../../manifest/schema/collections.ts";
import { optional, required } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { flag, text } from "../../manifest/schema/scalars.ts";
import type { TopicSpec } from "../../model/workload-spec.ts";
import { given } from "./values.ts";

/** The name of a topic. */
export const topicName = text({
  noun: "a topic's name",
  minLength: 1,
  problem: (name) =>
    /^[a-zA-Z0-9_-]+$/.test(name) ? undefined : `A topic's name has only letters, digits, \`_\` and \`-\`, found \`${name}\`.`,
});

const topic = record({
  name: required(topicName, "Name of the topic."),
  fifo: optional(
    either(
      flag(),
      record({ content_based_deduplication: optional(flag(), "Recognises duplicates by their content.", { documentedDefault: false }) }),
    ),
    "Delivers messages in order and once: `true`, or a map.",
    { documentedDefault: false },
  ),
});

/** Topics that a workload publishes to. */
export const publish = record({ topics: optional(list(topic), "Topics that other services may subscribe to.") });

/** The spec's form of the topics. */
export function toTopics(value: Infer<typeof publish> | undefined): readonly TopicSpec[] {
  return (value?.topics ?? []).map(({ name, fifo }) => {
    if (fifo === undefined || fifo === false) return { name };
    return { name, fifo: fifo === true ? {} : given("contentBasedDeduplication", fifo.content_based_deduplication) };
  });
}
