import { strictEither } from "../../manifest/schema/alternatives.ts";
import { list } from "../../manifest/schema/collections.ts";
import { optional } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { choice, decimal, integer, text } from "../../manifest/schema/scalars.ts";
import type { DeploymentSpec } from "../../model/workload-spec.ts";
import { given } from "./values.ts";

const rolling = optional(
  choice(["default", "recreate"], { ignoreCase: true }),
  "`default` starts new tasks before it stops old ones; `recreate` stops first.",
  { documentedDefault: "default" },
);

const alarmFields = {
  cpu_utilization: optional(decimal(), "Average processor use, in percent, that rolls a deployment back.", { docker: "notice" }),
  memory_utilization: optional(decimal(), "Average memory use, in percent, that rolls a deployment back.", { docker: "notice" }),
};

const alarmsDescription = "Alarms that roll a deployment back: names of alarms that exist, or a map of limits.";

/** How new tasks take the place of old ones. */
export const deployment = record({
  rolling,
  rollback_alarms: optional(strictEither(list(text()), record(alarmFields)), alarmsDescription, { docker: "notice" }),
});

/** As {@link deployment}, for a Worker Service. */
export const workerDeployment = record({
  rolling,
  rollback_alarms: optional(
    strictEither(
      list(text()),
      record({
        ...alarmFields,
        messages_delayed: optional(integer(), "Number of waiting messages that rolls a deployment back.", { docker: "notice" }),
      }),
    ),
    alarmsDescription,
    { docker: "notice" },
  ),
});

/** The spec's form of a deployment. */
export function toDeployment(value: Infer<typeof workerDeployment> | undefined): DeploymentSpec {
  return { rolling: value?.rolling ?? "default", rollbackAlarms: toAlarms(value?.rollback_alarms) };
}

function toAlarms(value: Infer<typeof workerDeployment>["rollback_alarms"]): DeploymentSpec["rollbackAlarms"] {
  if (value === undefined) return {};
  if ("length" in value) return { names: value };
  return {
    ...given("cpuUtilization", value.cpu_utilization),
    ...given("memoryUtilization", value.memory_utilization),
    ...given("messagesDelayed", value.messages_delayed),
  };
}
