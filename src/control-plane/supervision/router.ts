import { isDeepStrictEqual } from "node:util";
import type { Discovery } from "../discovery/discovery.ts";
import type { Ingress } from "../ingress/ingress.ts";
import { workloadId, type WorkloadKey } from "../object-names.ts";
import { toDiscoveryState, toIngressState, toRoutedEnvironment, toRoutedWorkload, type Route } from "../reconcile/routing.ts";
import type { State } from "../state/state.ts";

/** What routing is put in place with. */
export interface RouterParts {
  readonly ingress: Ingress;
  readonly discovery: Discovery;
  readonly state: () => State;
  /** Told once when routes can no longer be put in place, and why. */
  readonly warn: (message: string) => void;
}

/** Routes could not be put in place. The router has told why; who waits for them tries again. */
export class RoutingError extends Error {
  constructor(cause: unknown) {
    super(`Routing failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = "RoutingError";
  }
}

/** The one writer of the ingress' and the discovery's state. Nothing is written before {@link Router.open}, when all routes are known. */
export class Router {
  readonly #parts: RouterParts;
  readonly #routes = new Map<string, Route>();
  #isOpen = false;
  #isStale = true;
  /** What was told of the trouble that goes on; unset while all is well. */
  #told: string | undefined;
  readonly #recoveryListeners = new Set<() => void>();
  #writing: Promise<void> = Promise.resolve();
  #nextWrite: Promise<void> | undefined;

  constructor(parts: RouterParts) {
    this.#parts = parts;
  }

  /** Calls `listener` whenever routes can be put in place again after they could not. */
  onRecovery(listener: () => void): void {
    this.#recoveryListeners.add(listener);
  }

  /** From here on routes are written. */
  open(): Promise<void> {
    this.#isOpen = true;
    return this.publish();
  }

  /** Sets or removes a workload's route. It takes effect with the next `publish`. */
  set(key: WorkloadKey, route: Route | undefined): void {
    const id = workloadId(key);
    if (isDeepStrictEqual(this.#routes.get(id), route)) return;
    this.#isStale = true;
    if (route) this.#routes.set(id, route);
    else this.#routes.delete(id);
  }

  /** What is written depends on more than the routes: the next `publish` writes it whatever was set. */
  invalidate(): void {
    this.#isStale = true;
  }

  /** Resolves once all that was set before the call is in place. Calls that come while one is being written share the next one. */
  publish(): Promise<void> {
    if (!this.#isOpen) return Promise.resolve();
    if (!this.#isStale) return this.#nextWrite ?? this.#writing;
    this.#nextWrite ??= this.#writing
      .catch(() => undefined)
      .then(() => {
        this.#nextWrite = undefined;
        this.#writing = this.#write();
        return this.#writing;
      });
    return this.#nextWrite;
  }

  /** URLs at which a workload answers with this route, once the deployments under way have come to their end. */
  urls(route: Route): readonly string[] {
    const { application, environment: name, workload } = route.document;
    const state = this.#parts.state().applications[application]?.environments[name];
    if (state?.environment.port === undefined) return [];
    // What is deployed at the same time may take an address that is this workload's only until then.
    const coming = Object.values(state.workloads).flatMap(({ next }): Route[] =>
      next ? [{ document: next.version.document, addresses: [] }] : [],
    );
    const others = [...coming, ...this.#routes.values()].filter(({ document }) => document.workload !== workload);
    const environment = toRoutedEnvironment({ application, environment: name }, state.environment.port, [...others, route]);
    return this.#parts.ingress.urls(environment, toRoutedWorkload(route));
  }

  /** Requests under way at a task's `address:port`; none when the ingress cannot tell. */
  async activeRequests(upstreams: readonly string[]): Promise<number> {
    const counts = await Promise.all(upstreams.map((upstream) => this.#parts.ingress.activeRequests(upstream).catch(() => 0)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async #write(): Promise<void> {
    this.#isStale = false;
    const routes = [...this.#routes.values()];
    const state = this.#parts.state();
    try {
      await Promise.all([
        this.#parts.discovery.apply(toDiscoveryState(state, routes)),
        this.#parts.ingress.apply(toIngressState(state, routes)),
      ]);
    } catch (error) {
      this.#isStale = true;
      throw this.#tellFailure(error);
    }
    this.#tellRecovery();
  }

  #tellFailure(cause: unknown): RoutingError {
    const error = new RoutingError(cause);
    if (this.#told !== error.message) this.#parts.warn(`${error.message} It is tried again until it works.`);
    this.#told = error.message;
    return error;
  }

  #tellRecovery(): void {
    if (this.#told === undefined) return;
    this.#told = undefined;
    this.#parts.warn("Routing works again.");
    for (const listener of this.#recoveryListeners) listener();
  }
}
