import { either } from "../../manifest/schema/alternatives.ts";
import { optional } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Replacement } from "../../manifest/schema/schema.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { duration, integer } from "../../manifest/schema/scalars.ts";
import { band, readBand } from "../../manifest/schema/band.ts";
import type { Schema } from "../../manifest/schema/schema.ts";
import { listNames } from "../../manifest/schema/suggestion.ts";
import type { Findings } from "../../manifest/rules.ts";
import type { Cooldown, CountSpec, ScalingMetric } from "../../model/workload-spec.ts";
import { given } from "./values.ts";

const cooldown = record({
  in: optional(duration(), "Time to wait after tasks were taken away.", { documentedDefault: "120s", docker: "notice" }),
  out: optional(duration(), "Time to wait after tasks were added.", { documentedDefault: "60s", docker: "notice" }),
});

const metric = <T>(value: Schema<T>, what: string) =>
  either(
    value,
    record({
      value: optional(value, what, { docker: "notice" }),
      cooldown: optional(cooldown, "Times between scaling actions for this metric.", { docker: "notice" }),
    }),
  );

const percentage = integer({ min: 0, max: 100, noun: "a percentage" });

const range = either(
  band,
  record({
    min: optional(integer({ min: 0 }), "Fewest tasks."),
    max: optional(integer({ min: 0 }), "Most tasks.", { docker: "notice" }),
    spot_from: optional(integer({ min: 0 }), "Number of the first task that runs on spare capacity.", { docker: "notice" }),
  }),
);

const metrics = ["cpu_percentage", "memory_percentage", "requests", "response_time", "queue_delay"] as const;

/** Spare capacity and scaling exclude each other: giving one drops the other. */
const spotOrScaling: readonly Replacement[] = [
  { giving: ["spot"], clears: ["range", "cooldown", ...metrics] },
  { giving: ["range", ...metrics], clears: ["spot"] },
];

/** How many tasks run: a number, or a map. */
export const count = either(
  integer({ min: 0, noun: "a number of tasks" }),
  record(
    {
      spot: optional(integer({ min: 0 }), "Number of tasks, all on spare capacity."),
      range: optional(range, "Fewest and most tasks, as `1-10` or as a map."),
      cooldown: optional(cooldown, "Times between scaling actions.", { docker: "notice" }),
      cpu_percentage: optional(metric(percentage, "Average processor use to keep, in percent."), "Scales by processor use.", {
        docker: "notice",
      }),
      memory_percentage: optional(metric(percentage, "Average memory use to keep, in percent."), "Scales by memory use.", {
        docker: "notice",
      }),
      requests: optional(metric(integer(), "Requests per task and minute to keep."), "Scales by requests.", { docker: "notice" }),
      response_time: optional(metric(duration(), "Average response time to keep."), "Scales by response time.", { docker: "notice" }),
      queue_delay: optional(
        record({
          acceptable_latency: optional(duration(), "Longest time that a message may wait.", { docker: "notice" }),
          msg_processing_time: optional(duration(), "Average time that a message takes.", { docker: "notice" }),
          cooldown: optional(cooldown, "Times between scaling actions for this metric.", { docker: "notice" }),
        }),
        "Scales by the delay of a Worker Service's queue.",
        { docker: "notice" },
      ),
    },
    spotOrScaling,
  ),
);

type Count = Infer<typeof count>;
type AdvancedCount = Exclude<Count, number>;

/** The metrics by which a workload type may scale; none for those that do not scale. */
export type ScalingMetrics = readonly (typeof metrics)[number][];

/** What the parts of `count` have to satisfy together. */
export function checkCount(value: Count | undefined, allowed: ScalingMetrics, findings: Findings): void {
  if (value === undefined || typeof value === "number") return;
  if (allowed.length === 0) {
    findings.error(["count"], "A workload of this type does not scale: `count` is a number.");
    return;
  }
  const set = metrics.filter((name) => value[name] !== undefined);
  for (const name of set.filter((name) => !allowed.includes(name)))
    findings.error(["count", name], `A workload of this type scales by ${listNames(allowed)}, not by \`${name}\`.`);
  const scaling = set.filter((name) => allowed.includes(name));
  checkCombination(value, { scaling, allowed }, findings);
  checkRange(value, findings);
  for (const name of ["cpu_percentage", "memory_percentage", "requests", "response_time"] as const)
    if (lacksValue(name, value[name])) findings.error(["count", name, "value"], "`value` is missing: there is nothing to scale by.");
  checkQueueDelay(value.queue_delay, findings);
}

/** Requests and times with only a cooldown were always accepted, and scale by nothing. */
function lacksValue(name: string, metric: Metric): boolean {
  if (typeof metric !== "object" || metric.value !== undefined) return false;
  return name.endsWith("_percentage") || Object.keys(metric.cooldown ?? {}).length === 0;
}

function checkCombination(
  value: AdvancedCount,
  { scaling, allowed }: { readonly scaling: readonly string[]; readonly allowed: ScalingMetrics },
  findings: Findings,
): void {
  if (value.spot !== undefined && (value.range !== undefined || scaling.length > 0))
    findings.error(["count", "spot"], "`spot` excludes `range` and every metric.");
  else if (value.range === undefined && scaling.length > 0)
    findings.error(["count", "range"], "Scaling needs a `range`.", "Add `range: 1-10`.");
  else if (value.range !== undefined && scaling.length === 0)
    findings.error(["count", "range"], `A \`range\` needs at least one of ${listNames(allowed)} to scale by.`);
  else if (value.cooldown !== undefined && scaling.length === 0)
    findings.error(["count", "cooldown"], `A \`cooldown\` needs at least one of ${listNames(allowed)} to scale by.`);
}

function checkRange(value: AdvancedCount, findings: Findings): void {
  const given = value.range;
  if (given === undefined || typeof given === "string") return;
  if (given.min === undefined || given.max === undefined) findings.error(["count", "range"], "A range has both `min` and `max`.");
  else if (given.min > given.max)
    findings.error(["count", "range", "min"], `The range starts above its end: min ${given.min}, max ${given.max}.`);
}

function checkQueueDelay(value: AdvancedCount["queue_delay"], findings: Findings): void {
  if (value === undefined) return;
  const at = ["count", "queue_delay"];
  const { acceptable_latency: latency, msg_processing_time: processing } = value;
  if (latency === undefined)
    findings.error([...at, "acceptable_latency"], "`acceptable_latency` is missing: both times are needed to scale by the queue's delay.");
  if (processing === undefined)
    findings.error(
      [...at, "msg_processing_time"],
      "`msg_processing_time` is missing: both times are needed to scale by the queue's delay.",
    );
  if (latency === undefined || processing === undefined) return;
  if (latency === 0) findings.error([...at, "acceptable_latency"], "`acceptable_latency` may not be 0.");
  if (processing === 0) findings.error([...at, "msg_processing_time"], "`msg_processing_time` may not be 0.");
  if (processing > latency) findings.error([...at, "msg_processing_time"], "`msg_processing_time` is longer than `acceptable_latency`.");
}

const toCooldown = (value: Infer<typeof cooldown> | undefined): Cooldown | undefined =>
  value === undefined || Object.keys(value).length === 0 ? undefined : { ...given("in", value.in), ...given("out", value.out) };

type Metric = number | { readonly value?: number; readonly cooldown?: Infer<typeof cooldown> } | undefined;

function toMetric(value: Metric): ScalingMetric | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number") return { value };
  return value.value === undefined ? undefined : { value: value.value, ...given("cooldown", toCooldown(value.cooldown)) };
}

/** The spec's form of a checked count. */
export function toCount(value: Count | undefined): CountSpec {
  if (value === undefined || typeof value === "number") return { kind: "fixed", tasks: value ?? 1 };
  if (value.spot !== undefined) return { kind: "spot", tasks: value.spot };
  const bounds = typeof value.range === "string" ? readBand(value.range) : value.range;
  const delay = value.queue_delay;
  return {
    kind: "autoscaling",
    min: bounds?.min ?? 1,
    max: bounds?.max ?? 1,
    ...given("spotFrom", typeof value.range === "object" ? value.range.spot_from : undefined),
    ...given("cooldown", toCooldown(value.cooldown)),
    ...given("cpu", toMetric(value.cpu_percentage)),
    ...given("memory", toMetric(value.memory_percentage)),
    ...given("requests", toMetric(value.requests)),
    ...given("responseTime", toMetric(value.response_time)),
    ...(delay?.acceptable_latency === undefined || delay.msg_processing_time === undefined
      ? {}
      : {
          queueDelay: {
            acceptableLatency: delay.acceptable_latency,
            messageProcessingTime: delay.msg_processing_time,
            ...given("cooldown", toCooldown(delay.cooldown)),
          },
        }),
  };
}
