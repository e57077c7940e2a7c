import { isJobType } from "../../../model/names.ts";
import type { CountSpec, HttpRule, RequestDrivenSpec, TargetHealthCheck, WorkloadSpec } from "../../../model/workload-spec.ts";
import type { WorkloadAssets } from "../../target.ts";
import type { HttpRuleDocument, ListenerDocument, StackDocument } from "../stack-document.ts";
import { compileTask } from "./compile-task.ts";
import { workloadPublicName } from "./names.ts";
import { toNotices } from "./notices.ts";
import { compileSchedule } from "./schedule.ts";

/** What compiling needs to know of where the workload goes. */
export interface EnvironmentFacts {
  /** The application's domain: with one, services answer over HTTPS and HTTP leads there. */
  readonly domain?: string;
}

/** Seconds before a failing health check counts, where nothing else is said. */
const defaultGracePeriod = 60;

/** What a load balancer does where a manifest says nothing. */
const balancerDefaults = { path: "/", successCodes: "200", healthyThreshold: 5, unhealthyThreshold: 2, interval: 30, timeout: 5 };
/** What App Runner does where a manifest says nothing; without a path it is content with any answer, as it then only connects. */
const runnerDefaults = { path: "/", successCodes: "200-399", healthyThreshold: 1, unhealthyThreshold: 5, interval: 5, timeout: 2 };

function toHealthCheck(check: TargetHealthCheck, defaults: typeof balancerDefaults, targetPort: number): HttpRuleDocument["healthCheck"] {
  const port = check.port ?? targetPort;
  return {
    path: check.path ?? defaults.path,
    port,
    successCodes: check.successCodes ?? defaults.successCodes,
    healthyThreshold: check.healthyThreshold ?? defaults.healthyThreshold,
    unhealthyThreshold: check.unhealthyThreshold ?? defaults.unhealthyThreshold,
    interval: check.interval ?? defaults.interval,
    timeout: check.timeout ?? defaults.timeout,
    https: port === 443,
  };
}

function toRule(rule: HttpRule, facts: EnvironmentFacts): HttpRuleDocument {
  const version = rule.version ?? "http1";
  // A gRPC target's success is a gRPC status: 12 is what a server without a health service answers.
  const defaults = version === "grpc" ? { ...balancerDefaults, path: "/AWS.ALB/healthcheck", successCodes: "12" } : balancerDefaults;
  return {
    hosts: rule.aliases.map(({ name }) => name.toLowerCase()),
    path: rule.path.startsWith("/") ? rule.path : `/${rule.path}`,
    targetPort: rule.targetPort,
    version,
    healthCheck: toHealthCheck(rule.healthCheck, defaults, rule.targetPort),
    stickiness: rule.stickiness,
    deregistrationDelay: rule.deregistrationDelay,
    allowedSourceIps: rule.allowedSourceIps,
    redirectToHttps: facts.domain !== undefined && rule.redirectToHttps,
  };
}

function toRequestDrivenRule(spec: WorkloadSpec, runner: RequestDrivenSpec): HttpRuleDocument {
  return {
    hosts: [workloadPublicName(spec), ...(runner.alias === undefined ? [] : [runner.alias.toLowerCase()])],
    path: "/",
    targetPort: runner.port,
    version: "http1",
    healthCheck: toHealthCheck(
      runner.healthCheck,
      runner.healthCheck.path === undefined ? { ...runnerDefaults, successCodes: "100-599" } : runnerDefaults,
      runner.port,
    ),
    stickiness: false,
    deregistrationDelay: defaultGracePeriod,
    allowedSourceIps: [],
    redirectToHttps: false,
  };
}

function toHttp(spec: WorkloadSpec, facts: EnvironmentFacts): StackDocument["http"] {
  const { http, requestDriven } = spec;
  if (requestDriven !== undefined)
    return { scope: requestDriven.private === false ? "public" : "internal", rules: [toRequestDrivenRule(spec, requestDriven)] };
  return http === undefined ? undefined : { scope: http.scope, rules: http.rules.map((rule) => toRule(rule, facts)) };
}

const toListeners = ({ nlb }: WorkloadSpec): readonly ListenerDocument[] =>
  (nlb?.listeners ?? []).map(({ port, protocol, targetPort, deregistrationDelay }) => ({
    port,
    protocol,
    targetPort,
    deregistrationDelay,
  }));

/** How many tasks run: the least that the manifest is content with. */
export function toDesiredCount(count: CountSpec | undefined): number {
  if (count === undefined) return 1;
  return count.kind === "autoscaling" ? count.min : count.tasks;
}

/** Without a port nobody can call a workload, and it has no name. */
function toDiscovery({ name, environment, application, discoveryPort, connect }: WorkloadSpec): StackDocument["discovery"] {
  if (discoveryPort === undefined) return undefined;
  const alias = connect?.enabled === true && connect.alias !== undefined ? [connect.alias] : [];
  return { names: [...new Set([name, `${name}.${environment}.${application}.local`, ...alias])] };
}

/**
 * A workload as the Docker target deploys it. Pure: images, the text of env files and a site's archive come as assets. What Docker does not
 * have is told in the document's notices.
 */
export function compileWorkload(spec: WorkloadSpec, assets: WorkloadAssets, facts: EnvironmentFacts): StackDocument {
  const schedule = spec.job === undefined ? undefined : compileSchedule(spec.job.schedule);
  const http = toHttp(spec, facts);
  const listeners = toListeners(spec);
  const discovery = toDiscovery(spec);
  const isService = spec.task !== undefined && !isJobType(spec.type);
  return {
    format: "copilot-stack/1",
    application: spec.application,
    environment: spec.environment,
    workload: spec.name,
    type: spec.type,
    ...(spec.task === undefined ? {} : { task: compileTask(spec, spec.task, assets) }),
    ...(isService
      ? {
          service: {
            desiredCount: toDesiredCount(spec.count),
            rolling: spec.deployment?.rolling ?? "default",
            gracePeriod: spec.http?.gracePeriod ?? spec.nlb?.gracePeriod ?? defaultGracePeriod,
          },
        }
      : {}),
    ...(http === undefined ? {} : { http }),
    ...(listeners.length === 0 ? {} : { listeners }),
    ...(discovery === undefined ? {} : { discovery }),
    ...(spec.job === undefined || schedule === undefined
      ? {}
      : {
          job: {
            schedule: schedule.schedule,
            ...(spec.job.timeout === undefined ? {} : { timeout: spec.job.timeout }),
            retries: spec.job.retries ?? 0,
          },
        }),
    ...(spec.site === undefined ? {} : { site: toSite(spec, assets) }),
    manifest: spec.manifest,
    notices: toNotices(spec, schedule?.lost),
  };
}

function toSite(spec: WorkloadSpec, assets: WorkloadAssets): NonNullable<StackDocument["site"]> {
  if (assets.site === undefined) throw new Error(`The files of ${spec.name} were not packed.`);
  const alias = spec.site?.alias;
  return { artifact: assets.site.sha256, hosts: [workloadPublicName(spec), ...(alias === undefined ? [] : [alias.toLowerCase()])] };
}
