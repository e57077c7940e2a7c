import type { StepProgress } from "../../model/deployment.ts";
import { toErrorBody } from "../deployments/error-body.ts";
import type { Deployments } from "../deployments/deployments.ts";
import { Work } from "../deployments/work.ts";
import type { Engine } from "../engine/engine.ts";
import { environmentLabels, labelNames, type EnvironmentKey, type WorkloadKey } from "../object-names.ts";
import { ownedImages } from "./owned-images.ts";
import { removeVolumes } from "./remove-volumes.ts";
import type { SecretStore } from "../secrets/secret-store.ts";
import { findEnvironment, findWorkload } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import type { Supervisor } from "../supervision/supervisor.ts";
import type { TaskTable } from "../tasks/task-table.ts";

/** What things are taken away with. */
export interface RemovalParts {
  readonly engine: Engine;
  readonly store: Store;
  readonly table: TaskTable;
  readonly supervisor: Supervisor;
  readonly deployments: Deployments;
  readonly secrets: Pick<SecretStore, "removeAll">;
  readonly instance: string;
  /** Ends what runs for a job of the workload. */
  readonly stopJob: (key: WorkloadKey) => Promise<void>;
  /** Removes the files of sites that nothing uses any more. */
  readonly pruneSites: () => Promise<void>;
  /** Stops and forgets the pipelines of an application, with its repository. */
  readonly removePipelines: (application: string) => Promise<void>;
  readonly now: () => number;
}

/** Deletes workloads, environments and applications with all that they have on the engine. Each may be repeated. */
export class Removal {
  readonly #parts: RemovalParts;

  constructor(parts: RemovalParts) {
    this.#parts = parts;
  }

  /** Deletes a workload from an environment. */
  workload(key: WorkloadKey): Work {
    return this.#run((work) => this.#workload(key, work));
  }

  /** Deletes an environment with all that is deployed in it, its volumes and secrets. */
  environment(key: EnvironmentKey): Work {
    return this.#run((work) => this.#environment(key, work));
  }

  /** Deletes an application with its environments, records and images. */
  application(name: string): Work {
    return this.#run((work) => this.#application(name, work));
  }

  /** Goes on with what a former control plane had begun to delete. */
  resume(): void {
    for (const [name, application] of Object.entries(this.#parts.store.state.applications)) {
      if (application.isRemoving) this.application(name);
      else this.#resumeEnvironments(name);
    }
  }

  #resumeEnvironments(application: string): void {
    const environments = this.#parts.store.state.applications[application]?.environments ?? {};
    for (const [environment, { isRemoving, workloads }] of Object.entries(environments)) {
      if (isRemoving) this.environment({ application, environment });
      else {
        const removing = Object.entries(workloads).filter(([, workload]) => workload.isRemoving);
        for (const [workload] of removing) this.workload({ application, environment, workload });
      }
    }
  }

  #run(remove: (work: Work) => Promise<void>): Work {
    const work = new Work();
    remove(work).then(
      () => work.emit({ type: "outcome", outcome: { kind: "deployed", revision: 0, urls: [] } }),
      (error: unknown) => work.emit({ type: "error", error: toErrorBody(error) }),
    );
    return work;
  }

  async #application(name: string, work: Work): Promise<void> {
    const { store, engine } = this.#parts;
    const application = store.state.applications[name];
    if (!application) return;
    await store.record({ type: "application-removing", application: name });
    await this.#parts.removePipelines(name);
    await Promise.all(
      Object.keys(application.environments).map((environment) => this.#environment({ application: name, environment }, work)),
    );
    await this.#step(work, `images-${name}`, `Delete the images of ${name}`, () => removeImages(engine, `copilot/${name}/*`));
    await store.record({ type: "application-removed", application: name });
    await this.#parts.pruneSites();
  }

  async #environment(key: EnvironmentKey, work: Work): Promise<void> {
    const { store, engine, supervisor, secrets, instance } = this.#parts;
    const found = findEnvironment(store.state, key);
    if (!found) return;
    await store.record({ type: "environment-removing", ...key });
    await Promise.all(Object.keys(found.workloads).map((workload) => this.#workload({ ...key, workload }, work)));
    await this.#step(work, `environment-${key.environment}`, `Delete the network and volumes of ${key.environment}`, async () => {
      await supervisor.leaveEnvironment(key);
      await removeVolumes(engine, environmentLabels(instance, key));
      await secrets.removeAll(key);
    });
    await store.record({ type: "environment-removed", ...key });
    await this.#parts.pruneSites();
  }

  async #workload(key: WorkloadKey, work: Work): Promise<void> {
    const { deployments } = this.#parts;
    if (!findWorkload(this.#parts.store.state, key)) return;
    deployments.cancel(key);
    await deployments.exclusively(key, "a deletion", async (before) => {
      await before?.done;
      await this.#step(work, `delete-${key.workload}`, `Delete ${key.workload} from ${key.environment}`, () => this.#removeWorkload(key));
    });
  }

  async #removeWorkload(key: WorkloadKey): Promise<void> {
    const { store, supervisor, table, engine, instance } = this.#parts;
    if (!findWorkload(store.state, key)) return;
    await store.record({ type: "workload-removing", ...key });
    await this.#parts.stopJob(key);
    supervisor.controller(key).wake();
    await table.until(key, () => (table.tasksOf(key).length === 0 ? true : undefined), AbortSignal.timeout(600_000));
    await removeVolumes(engine, { ...environmentLabels(instance, key), [labelNames.workload]: key.workload });
    await store.record({ type: "workload-removed", ...key });
    supervisor.forget(key);
    await supervisor.publishRoutes();
    await this.#removeWorkloadImages(key);
    await this.#parts.pruneSites();
  }

  async #removeWorkloadImages({ application, workload }: WorkloadKey): Promise<void> {
    const { store, engine } = this.#parts;
    const state = store.state.applications[application];
    const deployed = Object.values(state?.environments ?? {}).flatMap((environment) => Object.keys(environment.workloads));
    if (deployed.includes(workload)) return;
    const references = (await engine.listImages(`copilot/${application}/*`)).flatMap((image) => image.references);
    const others = [...deployed, ...Object.keys(state?.workloads ?? {})];
    const owned = ownedImages(references, { application, workload, others });
    await Promise.all(owned.map((reference) => engine.removeImage(reference)));
  }

  async #step(work: Work, id: string, title: string, act: () => Promise<void>): Promise<void> {
    const tell = (status: StepProgress["status"], detail?: string): void =>
      work.emit({
        type: "step",
        id,
        title,
        status,
        ...(detail === undefined ? {} : { detail }),
        at: new Date(this.#parts.now()).toISOString(),
      });
    tell("started");
    try {
      await act();
    } catch (error) {
      tell("failed", error instanceof Error ? error.message : String(error));
      throw error;
    }
    tell("succeeded");
  }
}

async function removeImages(engine: Engine, pattern: string): Promise<void> {
  const references = (await engine.listImages(pattern)).flatMap((image) => image.references);
  const start = pattern.replace(/\*$/, "");
  await Promise.all(references.filter((reference) => reference.startsWith(start)).map((reference) => engine.removeImage(reference)));
}
