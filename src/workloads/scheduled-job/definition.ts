import { expected, optional } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { integer, text } from "../../manifest/schema/scalars.ts";
import type { Findings } from "../../manifest/rules.ts";
import { parseDuration } from "../../model/duration.ts";
import { defineWorkload } from "../define.ts";
import type { Capabilities } from "../define.ts";
import { image } from "../fields/image.ts";
import { toCount } from "../fields/count.ts";
import { toConnect, toPlacement } from "../fields/network.ts";
import { assignPorts, checkPorts } from "../fields/ports.ts";
import { toTopics } from "../fields/publish.ts";
import { sidecarPorts } from "../fields/sidecars.ts";
import { checkTask, identityFields, taskFields, toTask } from "../fields/task.ts";
import { given } from "../fields/values.ts";
import { readSchedule } from "./schedule.ts";

const trigger = record({
  schedule: expected(
    text({
      noun: "a schedule",
      problem: (written) => {
        const read = readSchedule(written);
        return read.ok ? undefined : `\`${written}\` is no schedule: ${read.problem}.`;
      },
      examples: ["0 9 * * MON-FRI", "@every 1h30m", "@daily", "none"],
    }),
    "When the job runs: cron, `@every 10m`, `@daily` and the like, `rate(…)`, `cron(…)`, or `none`. Times are UTC.",
  ),
});

const timeout = text({
  noun: "a duration such as `1h30m`",
  problem: (written) => {
    const milliseconds = parseDuration(written);
    if (milliseconds === undefined) return `Expected a duration such as \`1h30m\`, found \`${written}\`.`;
    if (milliseconds < 1000) return `The timeout \`${written}\` is less than a second.`;
    return milliseconds % 1000 === 0 ? undefined : `The timeout \`${written}\` is not a whole number of seconds.`;
  },
});

const schema = record({
  ...identityFields("Scheduled Job"),
  image: expected(image, "The main container's image."),
  on: expected(trigger, "What starts the job."),
  retries: optional(integer({ min: 0, noun: "a number of retries" }), "How often a failed run is tried again.", { documentedDefault: 0 }),
  timeout: optional(timeout, "Time that one try may take."),
  ...taskFields,
});

type Manifest = Infer<typeof schema>;

function checkJob(manifest: Manifest, findings: Findings): void {
  checkPorts(sidecarPorts(manifest.sidecars), manifest.name ?? "", findings);
  if (manifest.count !== undefined && manifest.count !== 1)
    findings.warning(["count"], "A job runs one task at a time: `count` does nothing here.");
}

function toCapabilities(manifest: Manifest, name: string): Capabilities {
  const written = manifest.on?.schedule ?? "";
  const read = readSchedule(written);
  const milliseconds = manifest.timeout === undefined ? undefined : parseDuration(manifest.timeout);
  return {
    task: toTask(manifest, name, assignPorts(sidecarPorts(manifest.sidecars), name)),
    // It does nothing, but live stacks have it as a parameter.
    count: toCount(manifest.count),
    connect: toConnect(manifest.network),
    network: toPlacement(manifest.network),
    publishes: toTopics(manifest.publish),
    job: {
      schedule: read.ok ? read.schedule : { kind: "none" },
      scheduleText: written,
      ...given("timeout", milliseconds === undefined ? undefined : milliseconds / 1000),
      ...given("retries", manifest.retries),
    },
  };
}

/** A task that runs at given times. */
export const scheduledJob = defineWorkload({
  type: "Scheduled Job",
  summary: "A task that runs at given times and ends.",
  schema,
  rules: [checkJob, checkTask([])],
  toCapabilities,
});
