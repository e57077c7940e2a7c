import type { StackDocument } from "../../targets/docker/stack-document.ts";
import type { DiscoveredName, DiscoveryState } from "../discovery/discovery.ts";
import type { IngressState, RoutedEnvironment, RoutedWorkload } from "../ingress/ingress.ts";
import type { EnvironmentKey } from "../object-names.ts";
import type { State } from "../state/state.ts";

/** What of a workload can be reached: the rules of its document, and the addresses of the tasks that serve. */
export interface Route {
  readonly document: StackDocument;
  readonly addresses: readonly string[];
}

/** The routing of every environment that has a port, for the routes given by application, environment and workload. */
export function toIngressState(state: State, routes: readonly Route[]): IngressState {
  const environments = Object.values(state.applications).flatMap((application) => Object.values(application.environments));
  return {
    environments: environments.flatMap(({ environment, workloads }) => {
      if (environment.port === undefined) return [];
      const key = { application: environment.application, environment: environment.name };
      return [toRoutedEnvironment(key, environment.port, inOrder(routes, Object.keys(workloads)))];
    }),
  };
}

/** Routes in the order in which their workloads were first deployed: of two for the same requests the earlier one has them. */
const inOrder = (routes: readonly Route[], workloads: readonly string[]): readonly Route[] =>
  routes.toSorted((a, b) => workloads.indexOf(a.document.workload) - workloads.indexOf(b.document.workload));

/** One environment's routing; of two routes for the same requests the earlier one in the list has them. */
export function toRoutedEnvironment(key: EnvironmentKey, port: number, routes: readonly Route[]): RoutedEnvironment {
  const own = routes.filter(({ document }) => document.application === key.application && document.environment === key.environment);
  return { ...key, port, workloads: own.map(toRoutedWorkload) };
}

/** One workload's routing. */
export function toRoutedWorkload({ document, addresses }: Route): RoutedWorkload {
  const upstreams = (port: number): readonly string[] => addresses.map((address) => `${address}:${port}`);
  return {
    workload: document.workload,
    type: document.type,
    ...(document.http
      ? {
          http: {
            scope: document.http.scope,
            rules: document.http.rules.map((rule) => ({ rule, upstreams: upstreams(rule.targetPort) })),
          },
        }
      : {}),
    listeners: (document.listeners ?? []).map((listener) => ({ listener, upstreams: upstreams(listener.targetPort) })),
    ...(document.site ? { site: document.site } : {}),
  };
}

/** The names of every environment. */
export function toDiscoveryState(state: State, routes: readonly Route[]): DiscoveryState {
  const keys = Object.values(state.applications).flatMap((application) =>
    Object.values(application.environments).map(({ environment }) => ({
      application: environment.application,
      environment: environment.name,
    })),
  );
  return {
    environments: keys.map((key) => ({
      ...key,
      names: routes
        .filter(({ document }) => document.application === key.application && document.environment === key.environment)
        .flatMap(toNames)
        .toSorted((a, b) => a.name.localeCompare(b.name)),
    })),
  };
}

function toNames({ document, addresses }: Route): readonly DiscoveredName[] {
  const port = document.http?.rules[0]?.targetPort ?? document.task?.containers[0]?.ports[0]?.port;
  return (document.discovery?.names ?? []).map((name) => ({ name, addresses, ...(port === undefined ? {} : { port }) }));
}

/** Every `address:port` of a task at which the ingress may have requests under way. */
export function taskUpstreams(document: StackDocument, address: string): readonly string[] {
  const ports = new Set((document.http?.rules ?? []).map((rule) => rule.targetPort));
  return [...ports].map((port) => `${address}:${port}`);
}
