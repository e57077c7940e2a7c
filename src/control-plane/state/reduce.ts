import type { WorkloadKey } from "../object-names.ts";
import type { JournalEvent, Version } from "./journal-event.ts";
import {
  findEnvironment,
  findWorkload,
  keptReleases,
  keptRuns,
  keptVersions,
  type ApplicationState,
  type EnvironmentState,
  type State,
  type WorkloadState,
} from "./state.ts";

/**
 * The state after an event. Pure and total: an event about what is not there changes nothing, so that a journal can always be replayed.
 */
export function reduce(state: State, event: JournalEvent): State {
  switch (event.type) {
    case "application-put":
      return withApplication(state, event.application.name, (before) => ({
        environments: {},
        workloads: {},
        isRemoving: false,
        ...before,
        application: event.application,
      }));
    case "application-removing":
      return changeApplication(state, event.application, (before) => ({ ...before, isRemoving: true }));
    case "application-removed":
      return { ...state, applications: without(state.applications, event.application) };
    case "workload-put":
      return changeApplication(state, event.workload.application, (before) => ({
        ...before,
        workloads: { ...before.workloads, [event.workload.name]: event.workload },
      }));
    case "workload-record-removed":
      return changeApplication(state, event.application, (before) => ({ ...before, workloads: without(before.workloads, event.workload) }));
    case "environment-put":
    case "environment-deployed":
    case "environment-removing":
    case "environment-removed":
      return reduceEnvironment(state, event);
    case "deployment-started":
    case "deployment-ended":
    case "workload-paused":
    case "workload-removing":
    case "workload-removed":
    case "run-recorded":
      return reduceWorkload(state, event);
  }
}

type EnvironmentEvent = Extract<JournalEvent, { readonly type: `environment-${string}` }>;

function reduceEnvironment(state: State, event: EnvironmentEvent): State {
  switch (event.type) {
    case "environment-put":
      return changeApplication(state, event.environment.application, (before) => ({
        ...before,
        environments: {
          ...before.environments,
          [event.environment.name]: {
            workloads: {},
            isRemoving: false,
            ...before.environments[event.environment.name],
            environment: event.environment,
          },
        },
      }));
    case "environment-deployed":
      return changeEnvironment(state, event, (before) => ({ ...before, document: event.document }));
    case "environment-removing":
      return changeEnvironment(state, event, (before) => ({ ...before, isRemoving: true }));
    case "environment-removed":
      return changeApplication(state, event.application, (before) => ({
        ...before,
        environments: without(before.environments, event.environment),
      }));
  }
}

type WorkloadEvent = Extract<
  JournalEvent,
  {
    readonly type:
      | "deployment-started"
      | "deployment-ended"
      | "workload-paused"
      | "workload-removing"
      | "workload-removed"
      | "run-recorded";
  }
>;

const newWorkload: WorkloadState = { lastRevision: 0, releases: [], earlier: [], runs: [], isRemoving: false };

function reduceWorkload(state: State, event: WorkloadEvent): State {
  switch (event.type) {
    case "deployment-started":
      return withWorkload(state, event, (before = newWorkload) => ({
        ...omit(before, "leftSpecification"),
        isRemoving: false,
        lastRevision: Math.max(before.lastRevision, event.version.revision),
        releases: [...before.releases, event.release].slice(-keptReleases),
        next: { version: event.version, release: event.release, noRollback: event.noRollback },
      }));
    case "deployment-ended":
      return changeWorkload(state, event, (before) => endDeployment(before, event));
    case "workload-paused":
      return changeWorkload(state, event, (before) => ({ ...before, paused: { user: event.user, at: event.at } }));
    case "workload-removing":
      return changeWorkload(state, event, (before) => ({ ...before, isRemoving: true }));
    case "workload-removed":
      return changeEnvironment(state, event, (before) => ({ ...before, workloads: without(before.workloads, event.workload) }));
    case "run-recorded":
      return changeWorkload(state, event, (before) => {
        const others = before.runs.filter((run) => run.id !== event.run.id);
        return { ...before, runs: [...others, event.run].toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)).slice(-keptRuns) };
      });
  }
}

function endDeployment(before: WorkloadState, event: Extract<JournalEvent, { readonly type: "deployment-ended" }>): WorkloadState {
  const { next } = before;
  if (next?.version.revision !== event.revision) return before;
  const releases = before.releases.map((release) =>
    release.revision === event.revision ? { ...release, status: event.status, endedAt: event.at } : release,
  );
  const ended = { ...omit(before, "next"), releases };
  if (event.status === "deployed") {
    const earlier: readonly Version[] = before.current ? [...before.earlier, before.current].slice(-keptVersions) : before.earlier;
    return { ...omit(omit(ended, "lastFailure"), "paused"), current: next.version, earlier };
  }
  return {
    ...ended,
    ...(event.failure ? { lastFailure: event.failure } : {}),
    ...(event.status === "failed" ? { leftSpecification: next.version.specification } : {}),
  };
}

function withApplication(state: State, name: string, change: (before: ApplicationState | undefined) => ApplicationState): State {
  return { ...state, applications: { ...state.applications, [name]: change(state.applications[name]) } };
}

function changeApplication(state: State, name: string, change: (before: ApplicationState) => ApplicationState): State {
  const before = state.applications[name];
  return before ? withApplication(state, name, () => change(before)) : state;
}

function changeEnvironment(
  state: State,
  key: { readonly application: string; readonly environment: string },
  change: (before: EnvironmentState) => EnvironmentState,
): State {
  const before = findEnvironment(state, key);
  if (!before) return state;
  return changeApplication(state, key.application, (application) => ({
    ...application,
    environments: { ...application.environments, [key.environment]: change(before) },
  }));
}

function withWorkload(state: State, key: WorkloadKey, change: (before: WorkloadState | undefined) => WorkloadState): State {
  return changeEnvironment(state, key, (environment) => ({
    ...environment,
    workloads: { ...environment.workloads, [key.workload]: change(environment.workloads[key.workload]) },
  }));
}

function changeWorkload(state: State, key: WorkloadKey, change: (before: WorkloadState) => WorkloadState): State {
  const before = findWorkload(state, key);
  return before ? withWorkload(state, key, () => change(before)) : state;
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

function omit<T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> {
  const { [key]: _left, ...rest } = value;
  return rest;
}
