import type { Application, Environment, Workload } from "../../src/model/application.ts";
import type { DeploymentEvent, DeploymentFailure, Release } from "../../src/model/deployment.ts";
import type { LogLine, TaskStatus } from "../../src/model/workload-status.ts";
import type { WorkloadSpec } from "../../src/model/workload-spec.ts";
import type { DeployOptions, TargetSession, WorkloadAssets, WorkloadPackage } from "../../src/targets/target.ts";

/** What a fake target holds. Tests look into it instead of at calls. */
export interface FakeTargetState {
  readonly applications: Map<string, Application>;
  readonly environments: Map<string, Environment>;
  readonly workloads: Map<string, Workload>;
  readonly deployed: Map<string, { readonly spec: WorkloadSpec; readonly package: WorkloadPackage; readonly releases: Release[] }>;
  readonly manifests: Map<string, string>;
  readonly secrets: Map<string, string>;
  /** Services that `pauseService` was called for. */
  readonly paused: Set<string>;
  /** Why the next deployments of a workload fail, by its name. */
  readonly failures: Map<string, DeploymentFailure>;
  readonly logs: LogLine[];
  /** Names of the workloads in the order in which their deployments began and ended. */
  readonly history: string[];
  closed: boolean;
}

const at = "2026-01-01T00:00:00.000Z";

/**
 * A target in memory. It behaves as targets do: a deployment of what is deployed already is `unchanged` unless forced; a failing one is
 * rolled back to the release before and keeps that; every accepted one is a release with the next revision; deleting forgets; a secret that
 * exists stays unless it is overwritten; environments have ports from 40000 up. Everything happens in later ticks, so that work which is
 * started together really overlaps.
 */
export function createFakeTarget(): { readonly session: TargetSession; readonly state: FakeTargetState } {
  const state: FakeTargetState = {
    applications: new Map(),
    environments: new Map(),
    workloads: new Map(),
    deployed: new Map(),
    manifests: new Map(),
    secrets: new Map(),
    paused: new Set(),
    failures: new Map(),
    logs: [],
    history: [],
    closed: false,
  };
  return { session: toSession(state), state };
}

const key = (...parts: readonly string[]): string => parts.join("/");
const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const inApplication = (application: string, keys: Iterable<string>): string[] =>
  [...keys].filter((name) => name === application || name.startsWith(`${application}/`));

function toSession(state: FakeTargetState): TargetSession {
  const urlsOf = (spec: WorkloadSpec): string[] =>
    spec.http === undefined ? [] : [`http://localhost:${state.environments.get(key(spec.application, spec.environment))?.port ?? 0}`];

  async function* ended(work: () => void): AsyncGenerator<DeploymentEvent> {
    await later();
    work();
    yield { type: "outcome", outcome: { kind: "deployed", revision: 0, urls: [] } };
  }

  function compile(spec: WorkloadSpec, assets: WorkloadAssets): WorkloadPackage {
    const { manifest, ...rest } = spec;
    const content = JSON.stringify({ ...rest, images: assets.images, envFiles: assets.envFiles, site: assets.site?.sha256, manifest });
    return { files: [{ name: `${spec.name}-${spec.environment}.stack.json`, content }], notices: [] };
  }

  function release(spec: WorkloadSpec, made: WorkloadPackage, options: DeployOptions): Release {
    const place = key(spec.application, spec.environment, spec.name);
    const before = state.deployed.get(place)?.releases ?? [];
    const next: Release = {
      revision: before.length + 1,
      environment: spec.environment,
      workload: spec.name,
      fingerprint: made.files[0].content,
      user: options.user,
      startedAt: at,
      endedAt: at,
      status: "deployed",
      ...(options.commit === undefined ? {} : { commit: options.commit }),
    };
    state.deployed.set(place, { spec, package: made, releases: [next, ...before] });
    return next;
  }

  async function* deploy(spec: WorkloadSpec, assets: WorkloadAssets, options: DeployOptions): AsyncGenerator<DeploymentEvent> {
    state.history.push(`begin ${spec.name}`);
    await later();
    const made = compile(spec, assets);
    const before = state.deployed.get(key(spec.application, spec.environment, spec.name));
    const urls = urlsOf(spec);
    const latest = before?.releases[0];
    if (latest !== undefined && latest.fingerprint === made.files[0].content && options.force !== true) {
      state.history.push(`end ${spec.name}`);
      yield { type: "outcome", outcome: { kind: "unchanged", revision: latest.revision, urls } };
      return;
    }
    const step = { type: "step", id: "start", title: `Start task of ${spec.name}`, because: "image changed", at } as const;
    yield { ...step, status: "started" };
    if (options.detach === true) return;
    await later();
    const failure = state.failures.get(spec.name);
    state.history.push(`end ${spec.name}`);
    if (failure !== undefined) {
      yield { ...step, status: "failed", detail: failure.reason };
      const revision = latest === undefined ? {} : { revision: latest.revision };
      yield {
        type: "outcome",
        outcome: options.noRollback === true ? { kind: "failed", failure } : { kind: "rolled-back", ...revision, failure },
      };
      return;
    }
    yield { ...step, status: "succeeded" };
    yield { type: "outcome", outcome: { kind: "deployed", revision: release(spec, made, options).revision, urls } };
  }

  const taskOf = (spec: WorkloadSpec, revision: number): TaskStatus => ({
    id: `${spec.name}0001`,
    revision,
    state: "running",
    health: "healthy",
    startedAt: at,
    containers: (spec.task?.containers ?? []).map(({ name }) => ({
      name,
      containerId: `id-${name}`,
      image: name,
      imageId: `sha256:${name}`,
      state: "running",
    })),
  });

  return {
    target: "docker",
    records: {
      applications: async () => [...state.applications.values()],
      application: async (name) => state.applications.get(name),
      putApplication: async (application) => void state.applications.set(application.name, application),
      environments: async (application) =>
        [...state.environments.values()].filter((environment) => environment.application === application),
      putEnvironment: async (environment) => {
        const place = key(environment.application, environment.name);
        const made = state.environments.get(place) ?? { ...environment, port: 40_000 + state.environments.size };
        state.environments.set(place, made);
        return made;
      },
      workloads: async (application) => [...state.workloads.values()].filter((workload) => workload.application === application),
      putWorkload: async (workload) => void state.workloads.set(key(workload.application, workload.name), workload),
      deleteWorkload: async (application, name) => void state.workloads.delete(key(application, name)),
    },
    close: () => {
      state.closed = true;
    },
    packageWorkload: async (spec, assets) => compile(spec, assets),
    deployedPackage: async ({ application, name }, workload) => state.deployed.get(key(application, name, workload))?.package,
    deployWorkload: deploy,
    deleteWorkload: ({ application, name }, workload) => ended(() => void state.deployed.delete(key(application, name, workload))),
    packageEnvironment: async (environment, manifest) => ({
      files: [{ name: `${environment.name}.env.json`, content: JSON.stringify({ name: environment.name, definition: manifest.trim() }) }],
      notices: [],
    }),
    async *deployEnvironment(environment, manifest, options) {
      await later();
      const place = key(environment.application, environment.name);
      const same = state.manifests.get(place) === manifest && options.force !== true;
      state.manifests.set(place, manifest);
      yield { type: "outcome", outcome: { kind: same ? "unchanged" : "deployed", revision: 1, urls: [] } };
    },
    deleteEnvironment: ({ application, name }) =>
      ended(() => {
        state.environments.delete(key(application, name));
        state.manifests.delete(key(application, name));
      }),
    deleteApplication: (application) =>
      ended(() => {
        for (const map of [state.applications, state.environments, state.workloads, state.deployed, state.manifests, state.secrets])
          for (const name of inApplication(application, map.keys())) map.delete(name);
      }),
    releases: async ({ application, name }, workload) => state.deployed.get(key(application, name, workload))?.releases ?? [],
    async *rollBack({ application, name }, workload, revision, options) {
      await later();
      const current = state.deployed.get(key(application, name, workload));
      if (current === undefined) throw new Error("nothing deployed");
      const made = release(current.spec, current.package, options);
      yield { type: "notice", level: "info", message: `back to ${revision}` };
      yield { type: "outcome", outcome: { kind: "deployed", revision: made.revision, urls: [] } };
    },
    async *pauseService({ application, name }, service) {
      await later();
      state.paused.add(key(application, name, service));
      yield { type: "outcome", outcome: { kind: "deployed", revision: 1, urls: [] } };
    },
    async *resumeService({ application, name }, service) {
      await later();
      const kind = state.paused.delete(key(application, name, service)) ? "deployed" : "unchanged";
      yield { type: "outcome", outcome: { kind, revision: 1, urls: [] } };
    },
    environmentState: async (environment) => {
      const manifest = state.manifests.get(key(environment.application, environment.name));
      return { environment, urls: [`http://localhost:${environment.port ?? 0}`], ...(manifest === undefined ? {} : { manifest }) };
    },
    deployedWorkloads: async ({ application, name }) =>
      [...state.deployed.entries()]
        .filter(([place]) => place.startsWith(`${application}/${name}/`))
        .map(([, { spec, releases }]) => {
          const [main] = spec.task?.containers ?? [];
          const port = main?.ports[0]?.port;
          const [latest] = releases;
          if (latest === undefined) throw new Error("a deployed workload has a release");
          return {
            workload: { application, name: spec.name, type: spec.type },
            environment: name,
            release: latest,
            urls: urlsOf(spec),
            endpoints: port === undefined ? [] : [`${spec.name}.${name}.${application}.local:${port}`],
            manifest: spec.manifest,
            ...(spec.task === undefined
              ? {}
              : {
                  task: {
                    cpu: spec.task.cpu,
                    memory: spec.task.memory,
                    platform: "linux",
                    count: 1,
                    ...(port === undefined ? {} : { port }),
                  },
                }),
            variables: Object.entries(main?.variables ?? {}).map(([variable, value]) => ({
              container: spec.name,
              name: variable,
              value: value.kind === "value" ? value.value : value.exportName,
            })),
            secrets: [],
            resources: [{ type: "container", physicalId: `copilot-${spec.name}`, logicalId: spec.name }],
          };
        }),
    workloadStatus: async ({ application, name }, workload) => {
      const current = state.deployed.get(key(application, name, workload));
      const latest = current?.releases[0];
      if (current === undefined || latest === undefined) return undefined;
      return {
        workload: { application, name: workload, type: current.spec.type },
        environment: name,
        desiredCount: 1,
        runningCount: 1,
        ...(state.paused.has(key(application, name, workload)) ? { desiredCount: 0, runningCount: 0, pausedSince: at } : {}),
        deployment: latest,
        tasks: [taskOf(current.spec, latest.revision)],
        stoppedTasks: [],
      };
    },
    async *logs(_environment, workload, { limit, tasks, container, since, until }, signal) {
      const fitting = state.logs.filter(
        (line) =>
          line.workload === workload &&
          (tasks.length === 0 || tasks.some((task) => line.task.startsWith(task))) &&
          (container === undefined || line.container === container) &&
          (since === undefined || line.at >= since) &&
          (until === undefined || line.at <= until),
      );
      for (const line of limit === undefined ? fitting : fitting.slice(-limit)) {
        signal.throwIfAborted();
        yield line;
      }
    },
    attachedCommand: (containerId, command, interactive) => ({
      file: "docker",
      arguments: ["exec", interactive ? "-it" : "-i", containerId, ...command],
    }),
    async *runJob(_environment, job, { detach }) {
      const step = { type: "step", id: "run", title: `Run ${job}`, at } as const;
      yield { ...step, status: "started" };
      if (detach) return;
      await later();
      const failure = state.failures.get(job);
      yield { ...step, status: failure === undefined ? "succeeded" : "failed" };
      yield { type: "outcome", outcome: failure === undefined ? { kind: "deployed", revision: 1, urls: [] } : { kind: "failed", failure } };
    },
    jobRuns: async (_environment, job) => [
      { id: "1", trigger: "manual", startedAt: at, endedAt: at, status: "succeeded", tries: 1, taskIds: [`${job}0001`] },
    ],
    secretNames: async ({ application, name }) =>
      [...state.secrets.keys()].filter((place) => place.startsWith(`${application}/${name}/`)).map((place) => place.split("/")[2] ?? ""),
    putSecret: async ({ application, name }, secret) => {
      const place = key(application, name, secret.name);
      const exists = state.secrets.has(place);
      if (exists && !secret.overwrite) return "exists";
      state.secrets.set(place, secret.value);
      return exists ? "overwritten" : "created";
    },
  };
}
