import type { Work } from "../deployments/work.ts";
import type { Discovery } from "../discovery/discovery.ts";
import { removeUnusedNetworks } from "../discovery/environment-networks.ts";
import { EngineError, type EngineEvent } from "../engine/engine.ts";
import type { Ingress } from "../ingress/ingress.ts";
import { labelNames, networkName, workloadId, type EnvironmentKey, type WorkloadKey } from "../object-names.ts";
import type { Version } from "../state/journal-event.ts";
import { allWorkloads, findEnvironment, findWorkload } from "../state/state.ts";
import type { VersionPlacer } from "../deployments/deployments.ts";
import type { ImageView } from "./image-view.ts";
import { WorkloadController, type ControllerParts } from "./workload-controller.ts";
import { pause } from "../pause.ts";
import { freshDelay, nextDelay } from "./retry-delay.ts";
import { isWhollyStopped } from "./service-tasks.ts";

/** What everything is looked after with. */
export interface SupervisorParts extends ControllerParts {
  readonly instance: string;
  readonly ingress: Ingress;
  readonly discovery: Discovery;
  readonly images: ImageView;
  /** The container that this program runs in. */
  readonly selfContainer?: string;
}

const environmentId = (key: EnvironmentKey): string => `${key.application}/${key.environment}`;

const retryDelay = 250;
/** Parts of the platform that requests and names depend on. */
const servingRoles: readonly (string | undefined)[] = ["ingress", "discovery"];
/** Events may be older than our clock says; taking one twice does no harm. */
const overlapNano = 5_000_000_000n;

/** Looks after every workload of the instance: follows the engine, and wakes the controller of whatever changed. */
export class Supervisor implements VersionPlacer {
  readonly #parts: SupervisorParts;
  readonly #controllers = new Map<string, WorkloadController>();
  readonly #urls = new Map<string, readonly string[]>();
  readonly #closing = new AbortController();
  #following: Promise<void> | undefined;
  #restoring: Promise<void> | undefined;
  #restoreAgain = false;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    parts.router.onRecovery(() => this.#controllers.forEach((controller) => controller.retry()));
    parts.table.onChange((key) => this.#controllers.get(workloadId(key))?.wake());
  }

  /**
   * Goes on where a former control plane stopped: reads what the engine has, joins the environments, routes what serves, and takes up
   * the deployments that had not ended, each with the work that `resume` gives for it. Resolves once requests can be served.
   */
  async start(resume: (key: WorkloadKey, user: string) => Work): Promise<void> {
    const { table, store, router } = this.#parts;
    await this.#untilEngineAnswers(() => table.resync());
    await this.#joinEnvironments();
    for (const { key } of allWorkloads(store.state)) this.controller(key).prepareRoute();
    await router.open().catch(() => this.#wantRestoring());
    for (const { key, workload } of allWorkloads(store.state)) {
      if (workload.next) this.beginDeployment(key, resume(key, workload.next.release.user));
      this.controller(key).wake();
    }
    await this.#removeOrphans();
    this.#following = this.#follow();
  }

  /** The controller of a workload that the journal has. */
  controller(key: WorkloadKey): WorkloadController {
    const id = workloadId(key);
    const known = this.#controllers.get(id);
    if (known) return known;
    const controller = new WorkloadController(key, this.#parts);
    this.#controllers.set(id, controller);
    return controller;
  }

  /** Lets go of a workload that is no more. */
  forget(key: WorkloadKey): void {
    this.#controllers.get(workloadId(key))?.close();
    this.#controllers.delete(workloadId(key));
    this.#parts.router.set(key, undefined);
  }

  beginDeployment(key: WorkloadKey, work: Work): void {
    this.controller(key).beginDeployment(work);
  }

  cancelDeployment(key: WorkloadKey): boolean {
    return this.#controllers.get(workloadId(key))?.cancelDeployment() ?? false;
  }

  currentWork(key: WorkloadKey): Work | undefined {
    return this.#controllers.get(workloadId(key))?.currentWork;
  }

  async endTasks(key: WorkloadKey, signal: AbortSignal): Promise<void> {
    const { table } = this.#parts;
    this.controller(key).retry();
    await table.until(key, () => (table.tasksOf(key).every(isWhollyStopped) ? true : undefined), signal);
  }

  urls(version: Version): readonly string[] {
    return this.#parts.router.urls({ document: version.document, addresses: [] });
  }

  /** Puts routes in place that were set or removed. */
  publishRoutes(): Promise<void> {
    this.#parts.router.invalidate();
    return this.#parts.router.publish();
  }

  /** URLs at which an environment answers. */
  environmentUrls(key: EnvironmentKey): readonly string[] {
    return this.#urls.get(environmentId(key)) ?? [];
  }

  /** Makes an environment's network and ingress, and joins it with this program's own container so that tasks can be checked. */
  async joinEnvironment(
    key: EnvironmentKey,
    port: number | undefined,
  ): Promise<{ readonly port: number; readonly urls: readonly string[] }> {
    const { discovery, ingress, engine, selfContainer } = this.#parts;
    const network = await discovery.ensureEnvironmentNetwork(key.application, key.environment);
    if (selfContainer) await engine.connectNetwork(network.networkName, selfContainer);
    const address = await ingress.ensureEnvironment({ ...key, networkName: network.networkName, ...(port === undefined ? {} : { port }) });
    this.#urls.set(environmentId(key), address.urls);
    return address;
  }

  /** Takes away what {@link joinEnvironment} made. */
  async leaveEnvironment(key: EnvironmentKey): Promise<void> {
    const { discovery, ingress, engine, selfContainer, instance } = this.#parts;
    const network = networkName(instance, key);
    await ingress.removeEnvironment({ ...key, networkName: network });
    if (selfContainer) await engine.disconnectNetwork(network, selfContainer);
    await discovery.removeEnvironment(key.application, key.environment);
  }

  /** Stops looking after anything; what runs goes on. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const controller of this.#controllers.values()) controller.close();
    this.#parts.prober.close();
    await this.#following;
    await this.#restoring;
  }

  /** Tells whether every environment could be joined. */
  async #joinEnvironments(): Promise<boolean> {
    const environments = Object.values(this.#parts.store.state.applications).flatMap((application) =>
      Object.values(application.environments),
    );
    const joined = await Promise.all(
      environments.map(async ({ environment, isRemoving }) => {
        if (isRemoving || environment.target !== "docker") return true;
        const key = { application: environment.application, environment: environment.name };
        try {
          const address = await this.joinEnvironment(key, environment.port);
          if (address.port !== environment.port) {
            await this.#parts.store.record({ type: "environment-put", environment: { ...environment, port: address.port } });
          }
          return true;
        } catch (error) {
          this.#parts.warn(`Environment ${environment.name} of ${environment.application}: ${String(error)}`);
          return false;
        }
      }),
    );
    return joined.every(Boolean);
  }

  async #removeOrphans(): Promise<void> {
    const { table, store, runner, engine, instance } = this.#parts;
    const orphans = table.allTasks().filter((task) => findWorkload(store.state, task.key) === undefined);
    await Promise.all(orphans.map((task) => runner.remove(task.key, task.id).catch((error: unknown) => this.#parts.warn(String(error)))));
    await removeUnusedNetworks(engine, instance, (key) => findEnvironment(store.state, key) !== undefined);
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closing;
    let since = BigInt(this.#parts.now()) * 1_000_000n - overlapNano;
    while (!signal.aborted) {
      try {
        for await (const event of this.#parts.engine.events({ sinceNano: since, signal })) {
          since = event.timeNano + 1n;
          this.#parts.images.take(event);
          // An event only says what to read again, so reading may overtake the next one.
          void this.#take(event);
          if (this.#endsServing(event)) this.#wantRestoring();
        }
      } catch (error) {
        if (!signal.aborted && !isConnectionLoss(error)) this.#parts.warn(`Events of the engine: ${String(error)}`);
      }
      if (signal.aborted) return;
      await this.#recover();
    }
  }

  async #take(event: EngineEvent): Promise<void> {
    try {
      await this.#parts.table.take(event);
    } catch (error) {
      if (!isConnectionLoss(error)) this.#parts.warn(`Events of the engine: ${String(error)}`);
    }
  }

  /** Whether the ingress or the name server ended. The engine does not start again by itself what someone killed or stopped. */
  #endsServing({ type, action, attributes }: EngineEvent): boolean {
    const isOurs = attributes[labelNames.instance] === this.#parts.instance && servingRoles.includes(attributes[labelNames.role]);
    return isOurs && type === "container" && action === "die";
  }

  #wantRestoring(): void {
    this.#restoreAgain = true;
    this.#restoring ??= this.#restore().finally(() => (this.#restoring = undefined));
  }

  /** At once, then again with growing delays until all of it is in place: who takes requests must not be missing for long. */
  async #restore(): Promise<void> {
    let delay = freshDelay;
    while (this.#restoreAgain && !this.#closing.signal.aborted) {
      this.#restoreAgain = false;
      const isJoined = await this.#joinEnvironments();
      const isRouted = await this.#routeAgain();
      if (isJoined && isRouted) delay = freshDelay;
      else {
        this.#restoreAgain = true;
        delay = nextDelay(delay);
        await pause(delay, this.#closing.signal);
      }
    }
  }

  /** Puts all routes in place anew; what goes wrong is told by the router. */
  #routeAgain(): Promise<boolean> {
    return this.publishRoutes().then(
      () => true,
      () => false,
    );
  }

  /** The engine went away and came back: everything may have changed. */
  async #recover(): Promise<void> {
    await pause(retryDelay, this.#closing.signal);
    await this.#untilEngineAnswers(() => this.#parts.table.resync());
    if (this.#closing.signal.aborted) return;
    this.#parts.images.forget();
    this.#wantRestoring();
    for (const controller of this.#controllers.values()) controller.retry();
  }

  async #untilEngineAnswers(ask: () => Promise<void>): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        return await ask();
      } catch (error) {
        if (!isConnectionLoss(error)) this.#parts.warn(`The engine: ${String(error)}`);
        await pause(retryDelay, this.#closing.signal);
      }
    }
  }
}

function isConnectionLoss(error: unknown): boolean {
  if (error instanceof EngineError) return error.status === 0;
  return error instanceof Error && "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
}
