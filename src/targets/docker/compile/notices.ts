import type { CountSpec, NetworkPlacement, TaskSpec, WorkloadSpec } from "../../../model/workload-spec.ts";

/** A field that has no meaning on Docker, with what happens instead where that is worth saying. */
interface Remark {
  readonly field: string;
  readonly instead?: string;
}

const present = (condition: boolean, field: string, instead?: string): readonly Remark[] =>
  condition ? [instead === undefined ? { field } : { field, instead }] : [];

function ofCount(count: CountSpec | undefined): readonly Remark[] {
  if (count?.kind === "spot") return [{ field: "count.spot", instead: `runs ${count.tasks}` }];
  if (count?.kind === "autoscaling") return [{ field: "count.range", instead: `runs its minimum, ${count.min}` }];
  return [];
}

function ofNetwork({ placement, securityGroups, denyDefaultSecurityGroup }: NetworkPlacement): readonly Remark[] {
  return [
    ...present(placement.kind !== "public", "network.vpc.placement"),
    ...present(securityGroups.length > 0 || denyDefaultSecurityGroup, "network.vpc.security_groups"),
  ];
}

/** The one edit of a task definition that means something here. */
export const stopTimeoutPath = /^ContainerDefinitions\[(\d+)\]\.StopTimeout$/;

function ofTask(task: TaskSpec): readonly Remark[] {
  const imported = task.containers.flatMap((container) => Object.values(container.variables)).some((value) => value.kind === "from-cfn");
  const efs = task.volumes.filter((volume) => volume.kind === "efs");
  return [
    ...present(imported, "variables.*.from_cfn", "left unset"),
    ...present(
      task.containers.some(({ image }) => image.kind === "location" && image.credentials !== undefined),
      "image.credentials",
      "docker login is used",
    ),
    ...present(task.ephemeralStorage !== undefined, "storage.ephemeral"),
    ...present(
      efs.some((volume) => volume.iam !== undefined || volume.accessPointId !== undefined),
      "storage.volumes.*.efs.auth",
    ),
    ...present(task.logRouter !== undefined, "logging.destination", "lines stay with the engine"),
    ...present(task.logRetentionDays !== 30, "logging.retention", "the engine rotates lines"),
    ...present(
      task.taskDefinitionOverrides.some(({ path }) => !stopTimeoutPath.test(path)),
      "taskdef_overrides",
    ),
    ...present(task.platform?.osFamily.startsWith("WINDOWS") === true, "platform", "needs an engine for Windows containers"),
  ];
}

function ofIngress({ http, nlb, requestDriven }: WorkloadSpec): readonly Remark[] {
  const rules = http?.rules ?? [];
  return [
    ...present(http?.importedLoadBalancer !== undefined, "http.alb"),
    ...present(
      rules.some((rule) => rule.hostedZone !== undefined || rule.aliases.some((alias) => alias.hostedZone !== undefined)),
      "http.hosted_zone",
    ),
    ...present((nlb?.aliases.length ?? 0) > 0, "nlb.alias"),
    ...present(nlb?.listeners.some((listener) => listener.sslPolicy !== undefined) === true, "nlb.ssl_policy"),
    ...present(nlb?.listeners.some((listener) => listener.stickiness === true) === true, "nlb.stickiness"),
    ...present(requestDriven?.scalingConfiguration !== undefined, "count", "runs 1"),
    ...present(typeof requestDriven?.private === "object", "http.private.endpoint"),
    ...present(Object.keys(requestDriven?.tags ?? {}).length > 0, "tags"),
  ];
}

function ofMessaging(spec: WorkloadSpec): readonly string[] {
  const asked = [
    ...spec.publishes.map(({ name }) => `publish.topics ${name}`),
    ...(Object.keys(spec.subscribes?.queue ?? {}).length > 0 ? ["subscribe.queue"] : []),
    ...(spec.subscribes?.topics ?? []).map(({ service, name }) => `subscribe.topics ${service}/${name}`),
  ];
  return asked.length === 0 ? [] : [`Docker has no queues yet: ${asked.join(", ")} will carry no messages.`];
}

/** Public aliases that no name server leads to this machine: names below localhost come here by themselves, and hosts files know no `*`. */
function ofAliases({ http, requestDriven, site }: WorkloadSpec): readonly string[] {
  const ofRules = http?.scope === "public" ? http.rules.flatMap(({ aliases }) => aliases.map(({ name }) => name)) : [];
  const named = [...ofRules, requestDriven?.private === false ? requestDriven.alias : undefined, site?.alias];
  const hosts = [...new Set(named.flatMap((name) => (name === undefined ? [] : [name.toLowerCase()])))];
  const elsewhere = hosts.filter((host) => !/(^|\.)localhost$/.test(host) && !host.includes("*"));
  return elsewhere.length === 0 ? [] : [`To reach ${elsewhere.join(", ")} here, let your hosts file say: 127.0.0.1 ${elsewhere.join(" ")}`];
}

/** What a workload asks for and Docker does not have: one line that names all such fields, and one each for names and messages. */
export function toNotices(spec: WorkloadSpec, lostSchedule: string | undefined): readonly string[] {
  const alarms = spec.deployment?.rollbackAlarms;
  const remarks: readonly Remark[] = [
    ...ofCount(spec.count),
    ...ofIngress(spec),
    ...ofNetwork(spec.network),
    ...(spec.task === undefined ? [] : ofTask(spec.task)),
    ...present(
      alarms !== undefined && ("names" in alarms ? alarms.names.length > 0 : Object.keys(alarms).length > 0),
      "deployment.rollback_alarms",
    ),
    ...present(spec.tracing !== undefined, "observability.tracing"),
    ...present(spec.site?.certificate !== undefined, "http.certificate"),
    ...present(lostSchedule !== undefined, "on.schedule", lostSchedule),
  ];
  const fields = remarks.map(({ field, instead }) => (instead === undefined ? field : `${field} (${instead})`));
  return [...(fields.length === 0 ? [] : [`Without meaning on Docker: ${fields.join(", ")}.`]), ...ofAliases(spec), ...ofMessaging(spec)];
}
