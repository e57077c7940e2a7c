import type { DeploymentOutcome, Release, StepProgress } from "../../model/deployment.ts";
import { Problem } from "../../model/problem.ts";
import type { DeploymentRequest } from "../../targets/docker/protocol.ts";
import type { StackDocument } from "../../targets/docker/stack-document.ts";
import { workloadId, type WorkloadKey } from "../object-names.ts";
import { findTakenClaims, type TakenClaim } from "../reconcile/taken-claims.ts";
import type { Version } from "../state/journal-event.ts";
import { findEnvironment, findWorkload, type WorkloadState } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import { toErrorBody } from "./error-body.ts";
import { fingerprint, specification } from "./fingerprint.ts";
import { checkParts, ensureImages, knownImages, type PrepareParts } from "./prepare-version.ts";
import { Work } from "./work.ts";

/** The one who puts a version in place once the journal has it. */
export interface VersionPlacer {
  /** Begins with the next version of the journal and tells of it by `work`. */
  beginDeployment(key: WorkloadKey, work: Work): void;
  /** Tells whether there was a deployment to cancel. */
  cancelDeployment(key: WorkloadKey): boolean;
  /** The deployment under way. */
  currentWork(key: WorkloadKey): Work | undefined;
  urls(version: Version): readonly string[];
  /** Resolves once nothing of a workload runs that the journal does not want to run. */
  endTasks(key: WorkloadKey, signal: AbortSignal): Promise<void>;
}

/** Milliseconds for the tasks of a paused service to end. */
const stopPatience = 600_000;

/** What deployments are taken with. */
export interface DeploymentsParts extends PrepareParts {
  readonly store: Store;
  readonly placer: VersionPlacer;
  readonly now: () => number;
}

/** A deployment that was asked for. */
export interface WantedDeployment extends DeploymentRequest {
  /** Ends a pause, though nothing else changes. */
  readonly resumes?: boolean;
}

interface Turn {
  readonly holder: string;
  readonly since: string;
  readonly done: Promise<void>;
}

/** Takes deployments of workloads: one at a time for each, in the order in which they came. */
export class Deployments {
  readonly #parts: DeploymentsParts;
  readonly #turns = new Map<string, Turn>();
  /** Documents that were found to fit in and are on their way into the journal. */
  readonly #placing = new Set<StackDocument>();

  constructor(parts: DeploymentsParts) {
    this.#parts = parts;
  }

  /** Begins a deployment, which goes on whoever listens. */
  deploy(key: WorkloadKey, request: WantedDeployment): Work {
    return this.#run((work) =>
      this.#deploy(key, request, work).finally(() => request.document.site && this.#parts.sites.release(request.document.site.artifact)),
    );
  }

  /** Deploys what a paused workload had again, at which its pause ends; one that is not paused is left alone. */
  resume(key: WorkloadKey, user: string): Work {
    const state = findWorkload(this.#parts.store.state, key);
    if (!state?.current || !state.paused) return this.#run((work) => this.#tellUnpaused(key, state, work));
    const { document, revision } = state.current;
    const { commit } = state.releases.findLast((release) => release.revision === revision) ?? {};
    return this.deploy(key, { document, user, ...(commit === undefined ? {} : { commit }), resumes: true });
  }

  /** Ends the tasks of a service until it is resumed or deployed anew. What it has is kept, its volumes too. */
  pause(key: WorkloadKey, user: string): Work {
    return this.#run((work) => this.#pause(key, user, work));
  }

  /** Ends the deployment under way; tells whether there was one. */
  cancel(key: WorkloadKey): boolean {
    return this.#parts.placer.cancelDeployment(key);
  }

  /** Lets `task` have the workload to itself, after those who came before. */
  async exclusively<T>(key: WorkloadKey, holder: string, task: (waitedFor: Turn | undefined) => Promise<T>): Promise<T> {
    const id = workloadId(key);
    const before = this.#turns.get(id);
    let release: () => void = () => undefined;
    const done = new Promise<void>((resolve) => {
      release = resolve;
    });
    const turn = { holder, since: new Date(this.#parts.now()).toISOString(), done };
    this.#turns.set(id, turn);
    try {
      return await task(before);
    } finally {
      release();
      if (this.#turns.get(id) === turn) this.#turns.delete(id);
    }
  }

  /** Keeps the workload for a deployment that a former control plane began, until it ends. */
  async hold(key: WorkloadKey, work: Work, holder: string): Promise<void> {
    await this.exclusively(key, holder, () => work.ended());
  }

  async #deploy(key: WorkloadKey, request: WantedDeployment, work: Work): Promise<void> {
    this.#checkPlace(key);
    const unchanged = await this.#unchanged(key, request);
    if (unchanged) return work.emit({ type: "outcome", outcome: unchanged });
    await this.exclusively(key, request.user, async (before) => {
      await waitFor(before, key, work);
      await this.#deployInTurn(key, request, work);
    });
  }

  #run(act: (work: Work) => Promise<void>): Work {
    const work = new Work();
    act(work).catch((error: unknown) => work.emit({ type: "error", error: toErrorBody(error) }));
    return work;
  }

  async #pause(key: WorkloadKey, user: string, work: Work): Promise<void> {
    await this.exclusively(key, user, async (before) => {
      await waitFor(before, key, work);
      const { store, placer, now } = this.#parts;
      const current = this.#deployed(key);
      const { type, service } = current.document;
      if (!service) throw new Problem("not-pausable", `${key.workload} cannot be paused: a ${type} has no tasks that run on`);
      if (!findWorkload(store.state, key)?.paused)
        await store.record({ type: "workload-paused", ...key, user, at: new Date(now()).toISOString() });
      const step = { id: `pause-${key.workload}`, title: `Stop the tasks of ${key.workload}`, because: "it is paused" };
      work.emit(this.#step({ ...step, status: "started" }));
      await placer.endTasks(key, AbortSignal.timeout(stopPatience));
      work.emit(this.#step({ ...step, status: "succeeded" }));
      work.emit({ type: "outcome", outcome: { kind: "deployed", revision: current.revision, urls: [] } });
    });
  }

  async #tellUnpaused(key: WorkloadKey, state: WorkloadState | undefined, work: Work): Promise<void> {
    const { revision } = this.#deployed(key);
    const urls = state?.current ? this.#parts.placer.urls(state.current) : [];
    work.emit({ type: "outcome", outcome: { kind: "unchanged", revision, urls } });
    await work.ended();
  }

  #deployed(key: WorkloadKey): Version {
    const state = findWorkload(this.#parts.store.state, key);
    if (state?.current && !state.isRemoving) return state.current;
    throw new Problem("workload-not-found", `${key.workload} is not deployed in environment ${key.environment} of ${key.application}`, {
      hint: `copilot svc deploy --name ${key.workload} --env ${key.environment}`,
    });
  }

  async #deployInTurn(key: WorkloadKey, request: WantedDeployment, work: Work): Promise<void> {
    this.#checkPlace(key);
    const unchanged = await this.#unchanged(key, request);
    if (unchanged) return work.emit({ type: "outcome", outcome: unchanged });
    for (const { claim, holder } of this.#checkClaims(key, request.document)) {
      const message = `${holder} has ${claim.what} in ${key.environment} already and keeps them: ${key.workload} does not get these requests.`;
      work.emit({ type: "notice", level: "warning", message });
    }
    await checkParts(this.#parts, request.document);
    const images = await ensureImages(this.#parts, request.document, (reference, status) =>
      work.emit(this.#step({ id: `pull-${reference}`, title: `Pull image ${reference}`, because: "the engine does not have it", status })),
    );
    const { release, version } = this.#toVersion(key, request, images);
    this.#checkClaims(key, request.document);
    this.#placing.add(request.document);
    try {
      await this.#parts.store.record({ type: "deployment-started", ...key, release, version, noRollback: request.noRollback ?? false });
    } finally {
      this.#placing.delete(request.document);
    }
    this.#parts.placer.beginDeployment(key, work);
    await work.ended();
  }

  #toVersion(
    key: WorkloadKey,
    request: WantedDeployment,
    images: Readonly<Record<string, string>>,
  ): { release: Release; version: Version } {
    const { document, user, commit, force } = request;
    const before = findWorkload(this.#parts.store.state, key);
    const revision = (before?.lastRevision ?? 0) + 1;
    const version = {
      revision,
      document,
      images,
      specification: specification(document, images, force ? String(revision) : generationOf(before)),
    };
    const release: Release = {
      revision,
      environment: key.environment,
      workload: key.workload,
      fingerprint: fingerprint(document, images),
      ...(commit === undefined ? {} : { commit }),
      user,
      startedAt: new Date(this.#parts.now()).toISOString(),
      status: "in-progress",
    };
    return { release, version: { ...version, ...(force ? { generation: String(revision) } : generationPart(before)) } };
  }

  async #unchanged(key: WorkloadKey, request: WantedDeployment): Promise<DeploymentOutcome | undefined> {
    const state = findWorkload(this.#parts.store.state, key);
    if (request.force || (request.resumes && state?.paused) || !state?.current || state.next || state.isRemoving) return undefined;
    const release = state.releases.findLast((candidate) => candidate.revision === state.current?.revision);
    const images = await knownImages(this.#parts.images, request.document);
    if (release?.fingerprint !== fingerprint(request.document, images)) return undefined;
    return { kind: "unchanged", revision: state.current.revision, urls: this.#parts.placer.urls(state.current) };
  }

  #checkPlace(key: WorkloadKey): void {
    const environment = findEnvironment(this.#parts.store.state, key);
    if (!environment) {
      throw new Problem(
        "environment-not-found",
        `${key.workload} cannot be deployed: application ${key.application} has no environment ${key.environment}`,
        {
          hint: `copilot env init --app ${key.application} --name ${key.environment}`,
        },
      );
    }
    if (environment.isRemoving || findWorkload(this.#parts.store.state, key)?.isRemoving) {
      throw new Problem("being-deleted", `${key.workload} cannot be deployed: it or its environment ${key.environment} is being deleted`);
    }
  }

  /** What others have of a document's claims. Throws when one of them is a port: only requests can be claimed twice, and the first has them. */
  #checkClaims(key: WorkloadKey, document: StackDocument): readonly TakenClaim[] {
    const environment = findEnvironment(this.#parts.store.state, key);
    const neighbours = [...this.#placing].filter((other) => other.application === key.application && other.environment === key.environment);
    const taken = environment ? findTakenClaims(document, environment, neighbours) : [];
    const port = taken.find(({ claim }) => claim.kind === "port");
    if (port === undefined) return taken;
    throw new Problem(
      "route-taken",
      `${key.workload} cannot be deployed to ${key.environment}: ${port.holder} has ${port.claim.what} there`,
      { hint: `Change ${port.claim.at.join(".")} of one of the two, or delete ${port.holder} from ${key.environment}.` },
    );
  }

  #step(step: Omit<StepProgress, "type" | "at">): StepProgress {
    return { type: "step", ...step, at: new Date(this.#parts.now()).toISOString() };
  }
}

/** Waits until the one who has the workload is done, and says so. */
async function waitFor(before: Turn | undefined, { workload, environment }: WorkloadKey, work: Work): Promise<void> {
  if (!before) return;
  const message = `${before.holder} has been deploying ${workload} to ${environment} since ${before.since}; this begins when that has ended.`;
  work.emit({ type: "notice", level: "info", message });
  await before.done;
}

function generationOf(state: WorkloadState | undefined): string {
  return state?.current?.generation ?? "";
}

function generationPart(state: WorkloadState | undefined): { readonly generation?: string } {
  return state?.current?.generation === undefined ? {} : { generation: state.current.generation };
}
