import type { Application, Environment, Workload } from "../../model/application.ts";
import type { DeploymentEvent, Release } from "../../model/deployment.ts";
import { Problem } from "../../model/problem.ts";
import type { WorkloadSpec } from "../../model/workload-spec.ts";
import type { JobRun, LogLine, WorkloadStatus } from "../../model/workload-status.ts";
import type { DeployOptions, LogQuery, Records, TargetSession, WorkloadAssets, WorkloadPackage } from "../target.ts";
import type { ControlPlaneConnection } from "./approach.ts";
import { apiPath, type ControlPlaneClient } from "./client.ts";
import { compileWorkload } from "./compile/compile-workload.ts";
import { describeWorkload } from "./describe-workload.ts";
import type { DeployedWorkload, DeploymentRequest, EnvironmentDescription, SecretWritten, WorkEvent } from "./protocol.ts";
import type { StackDocument } from "./stack-document.ts";
import { cancellable, firstEvent, followWork } from "./work-events.ts";

/** A session with what only an engine has. */
export interface DockerSession extends TargetSession {
  /** Which of these image references the engine has. */
  imagesPresent(references: readonly string[]): Promise<ReadonlySet<string>>;
}

const environmentPath = ({ application, name }: Environment, ...rest: readonly string[]): string =>
  apiPath("applications", application, "environments", name, ...rest);

function toRecords(client: ControlPlaneClient): Records {
  return {
    applications: () => client.call<Application[]>("GET", apiPath("applications")),
    application: (name) => client.find<Application>(apiPath("applications", name)),
    putApplication: (application) => client.call("PUT", apiPath("applications", application.name), { body: application }),
    environments: (application) => client.call<Environment[]>("GET", apiPath("applications", application, "environments")),
    putEnvironment: (environment) => client.call<Environment>("PUT", environmentPath(environment), { body: environment }),
    workloads: (application) => client.call<Workload[]>("GET", apiPath("applications", application, "workloads")),
    putWorkload: (workload) =>
      client.call("PUT", apiPath("applications", workload.application, "workloads", workload.name), { body: workload }),
    deleteWorkload: (application, name) => client.call("DELETE", apiPath("applications", application, "workloads", name)),
  };
}

/** A document as one file, for `package` and `--diff`. */
function toPackage(name: string, document: { readonly notices: readonly string[] }): WorkloadPackage {
  return { files: [{ name, content: `${JSON.stringify(document, undefined, 2)}\n` }], notices: document.notices };
}

const packageName = (workload: string, environment: string): string => `${workload}-${environment}.stack.json`;

async function uploadSite(client: ControlPlaneClient, site: WorkloadAssets["site"]): Promise<void> {
  if (site === undefined) return;
  const path = apiPath("artifacts", site.sha256);
  if (!(await client.exists(path))) await client.upload(path, site.archive());
}

function logPath(environment: Environment, workload: string, query: LogQuery): string {
  const parameters = new URLSearchParams();
  if (query.follow) parameters.set("follow", "true");
  if (query.previous) parameters.set("previous", "true");
  if (query.since !== undefined) parameters.set("since", query.since);
  if (query.until !== undefined) parameters.set("until", query.until);
  if (query.limit !== undefined) parameters.set("limit", String(query.limit));
  if (query.tasks.length > 0) parameters.set("tasks", query.tasks.join(","));
  if (query.container !== undefined) parameters.set("container", query.container);
  return `${environmentPath(environment, "workloads", workload, "logs")}?${parameters.toString()}`;
}

const toRequest = (document: StackDocument, { user, commit, force, noRollback }: DeployOptions): DeploymentRequest => ({
  document,
  user,
  ...(commit === undefined ? {} : { commit }),
  ...(force === undefined ? {} : { force }),
  ...(noRollback === undefined ? {} : { noRollback }),
});

/** Work that the control plane tells about while it does it. */
const work = (client: ControlPlaneClient, method: "POST" | "DELETE", path: string): AsyncGenerator<DeploymentEvent, void, undefined> =>
  followWork(client.stream<WorkEvent>(method, path));

function deploy(
  client: ControlPlaneClient,
  { environment, document }: { readonly environment: Environment; readonly document: StackDocument },
  options: DeployOptions,
): AsyncIterable<DeploymentEvent> {
  const path = environmentPath(environment, "workloads", document.workload, "deployments");
  const body = toRequest(document, options);
  const begin = (signal?: AbortSignal): AsyncIterable<DeploymentEvent> =>
    followWork(client.stream<WorkEvent>("POST", path, signal === undefined ? { body } : { body, signal }));
  return options.detach === true ? firstEvent(begin()) : cancellable(begin, options.signal, () => client.call("DELETE", `${path}/current`));
}

/** Compiles workloads. The domain of an application is asked once: several of its workloads are compiled in one command. */
function createCompiler(records: Records): (spec: WorkloadSpec, assets: WorkloadAssets) => Promise<StackDocument> {
  const domains = new Map<string, Promise<string | undefined>>();
  return async (spec, assets) => {
    const asked = domains.get(spec.application) ?? records.application(spec.application).then((record) => record?.domain);
    domains.set(spec.application, asked);
    const domain = await asked;
    return compileWorkload(spec, assets, domain === undefined ? {} : { domain });
  };
}

type WorkloadPart = Pick<
  TargetSession,
  "packageWorkload" | "uploadAssets" | "deployedPackage" | "deployWorkload" | "deleteWorkload" | "releases" | "rollBack"
>;

function workloadPart(client: ControlPlaneClient, records: Records): WorkloadPart {
  const compile = createCompiler(records);
  return {
    async packageWorkload(spec, assets) {
      return toPackage(packageName(spec.name, spec.environment), await compile(spec, assets));
    },
    uploadAssets: (assets) => uploadSite(client, assets.site),
    async deployedPackage(environment, workload) {
      const deployed = await client.find<DeployedWorkload>(environmentPath(environment, "workloads", workload));
      return deployed === undefined ? undefined : toPackage(packageName(workload, environment.name), deployed.document);
    },
    async *deployWorkload(spec, assets, options) {
      const environment: Environment = { application: spec.application, name: spec.environment, target: "docker" };
      const [document] = await Promise.all([compile(spec, assets), uploadSite(client, assets.site)]);
      for (const message of document.notices) yield { type: "notice", level: "warning", message };
      yield* deploy(client, { environment, document }, options);
    },
    deleteWorkload: (environment, workload) => work(client, "DELETE", environmentPath(environment, "workloads", workload)),
    releases: (environment, workload) => client.call<Release[]>("GET", environmentPath(environment, "workloads", workload, "releases")),
    async *rollBack(environment, workload, revision, options) {
      const path = environmentPath(environment, "workloads", workload, "releases", String(revision));
      const document = await client.find<StackDocument>(path);
      if (document === undefined)
        throw new Problem(
          "release-not-found",
          `${workload} cannot go back to revision ${revision}: ${environment.name} has no such release`,
          { hint: `copilot svc releases --name ${workload} --env ${environment.name}` },
        );
      yield* deploy(client, { environment, document }, options);
    },
  };
}

type EnvironmentPart = Pick<
  TargetSession,
  "packageEnvironment" | "deployEnvironment" | "deleteEnvironment" | "deleteApplication" | "environmentState"
>;

const environmentPart = (client: ControlPlaneClient): EnvironmentPart => ({
  async packageEnvironment(environment, manifest) {
    const { compileEnvironment } = await import("./compile/compile-environment.ts");
    return toPackage(`${environment.name}.env.json`, compileEnvironment(environment, manifest));
  },
  async *deployEnvironment(environment, manifest, { user, force }) {
    const { compileEnvironment } = await import("./compile/compile-environment.ts");
    const document = compileEnvironment(environment, manifest);
    for (const message of document.notices) yield { type: "notice", level: "warning", message };
    const body = { document, user, ...(force === undefined ? {} : { force }) };
    yield* followWork(client.stream<WorkEvent>("POST", environmentPath(environment, "deployments"), { body }));
  },
  deleteEnvironment: (environment) => work(client, "DELETE", environmentPath(environment)),
  deleteApplication: (application) => work(client, "DELETE", apiPath("applications", application)),
  async environmentState(environment) {
    const found = await client.call<EnvironmentDescription>("GET", environmentPath(environment));
    const { document, urls, ...own } = found;
    return { environment: own, urls, ...(document === undefined ? {} : { manifest: document.manifest }) };
  },
});

type ObservationPart = Pick<TargetSession, "deployedWorkloads" | "workloadStatus" | "logs" | "attachedCommand">;

const observationPart = ({ client, names }: ControlPlaneConnection): ObservationPart => ({
  async deployedWorkloads(environment) {
    const deployed = await client.call<DeployedWorkload[]>("GET", environmentPath(environment, "workloads"));
    return deployed.map((workload) => describeWorkload(workload, names)).toSorted((a, b) => a.workload.name.localeCompare(b.workload.name));
  },
  workloadStatus: (environment, workload) => client.find<WorkloadStatus>(environmentPath(environment, "workloads", workload, "status")),
  logs: (environment, workload, query, signal) => client.stream<LogLine>("GET", logPath(environment, workload, query), { signal }),
  attachedCommand: (containerId, command, interactive) => ({
    file: "docker",
    arguments: ["exec", interactive ? "-it" : "-i", containerId, ...command],
  }),
});

const jobPart = (client: ControlPlaneClient): Pick<TargetSession, "runJob" | "jobRuns"> => ({
  runJob(environment, job, { detach, signal }) {
    const path = environmentPath(environment, "workloads", job, "runs");
    // A run that was started goes on, as on AWS: an interrupted command only looks away.
    const events = followWork(client.stream<WorkEvent>("POST", path, { signal }));
    return detach ? firstEvent(events) : events;
  },
  jobRuns: (environment, job) => client.call<JobRun[]>("GET", environmentPath(environment, "workloads", job, "runs")),
});

const pausePart = (client: ControlPlaneClient): Required<Pick<TargetSession, "pauseService" | "resumeService">> => ({
  pauseService(environment, service, { user }) {
    return followWork(client.stream<WorkEvent>("POST", environmentPath(environment, "workloads", service, "pause"), { body: { user } }));
  },
  resumeService(environment, service, { user, signal }) {
    const path = (word: string): string => environmentPath(environment, "workloads", service, ...word.split("/"));
    const begin = (stream: AbortSignal): AsyncIterable<DeploymentEvent> =>
      followWork(client.stream<WorkEvent>("POST", path("resume"), { body: { user }, signal: stream }));
    return cancellable(begin, signal, () => client.call("DELETE", path("deployments/current")));
  },
});

const secretPart = (client: ControlPlaneClient): Pick<TargetSession, "secretNames" | "putSecret"> => ({
  secretNames: (environment) => client.call<string[]>("GET", environmentPath(environment, "secrets")),
  async putSecret(environment, { name, value, overwrite }) {
    const body = { value, overwrite };
    return (await client.call<SecretWritten>("PUT", environmentPath(environment, "secrets", name), { body })).result;
  },
});

/** A session with the control plane of a Docker engine. */
export function createDockerSession(connection: ControlPlaneConnection): DockerSession {
  const { client } = connection;
  const records = toRecords(client);
  return {
    target: "docker",
    records,
    ...workloadPart(client, records),
    ...environmentPart(client),
    ...observationPart(connection),
    ...jobPart(client),
    ...pausePart(client),
    ...secretPart(client),
    imagesPresent: async (references) => new Set(await client.call<string[]>("POST", "/v1/images/present", { body: references })),
    close: () => connection.close(),
  };
}
