import type {
  EnvironmentAddress,
  Ingress,
  IngressState,
  RoutedEnvironment,
  RoutedWorkload,
} from "../../src/control-plane/ingress/ingress.ts";
import { toUrls } from "../../src/control-plane/ingress/urls.ts";

/** An ingress that only remembers what it was told, or refuses it while it is in `trouble`. Ports count from 40001; requests under way are set by the test. */
export class FakeIngress implements Ingress {
  /** Every state that was applied, oldest first. */
  readonly applied: IngressState[] = [];
  /** Requests under way by `address:port`. */
  readonly active = new Map<string, number>();
  /** Why nothing can be applied; unset while all is well. */
  trouble: string | undefined;
  readonly #ports = new Map<string, number>();
  #lastPort = 40_000;

  ensureEnvironment(key: {
    readonly application: string;
    readonly environment: string;
    readonly port?: number;
  }): Promise<EnvironmentAddress> {
    const id = `${key.application}/${key.environment}`;
    const port = this.#ports.get(id) ?? key.port ?? (this.#lastPort += 1);
    this.#ports.set(id, port);
    return Promise.resolve({ port, urls: [`http://localhost:${port}`] });
  }

  removeEnvironment(key: { readonly application: string; readonly environment: string }): Promise<void> {
    this.#ports.delete(`${key.application}/${key.environment}`);
    return Promise.resolve();
  }

  apply(state: IngressState): Promise<void> {
    if (this.trouble !== undefined) return Promise.reject(new Error(this.trouble));
    this.applied.push(state);
    return Promise.resolve();
  }

  urls(environment: RoutedEnvironment, workload: RoutedWorkload): readonly string[] {
    return toUrls(environment, workload, { http: 80, https: 443 });
  }

  activeRequests(upstream: string): Promise<number> {
    return Promise.resolve(this.active.get(upstream) ?? 0);
  }

  /** Tasks that take a workload's requests now, as `address:port`. */
  upstreams(workload: string): readonly string[] {
    const workloads = (this.applied.at(-1)?.environments ?? []).flatMap((environment) => environment.workloads);
    return workloads
      .filter((routed) => routed.workload === workload)
      .flatMap((routed) => (routed.http?.rules ?? []).flatMap((rule) => rule.upstreams));
  }
}
