import type { HttpRuleDocument, ListenerDocument } from "../../targets/docker/stack-document.ts";
import type { WorkloadType } from "../../model/names.ts";

/** An environment which shall answer requests. */
export interface IngressEnvironmentKey {
  readonly application: string;
  readonly environment: string;
  /** The engine's network that the environment's tasks are in; the ingress joins it. */
  readonly networkName: string;
  /** The port that the environment had before, which it keeps when it can. */
  readonly port?: number;
}

/** Where an environment answers on loopback. */
export interface EnvironmentAddress {
  /** Its own port on 127.0.0.1. */
  readonly port: number;
  /** The best URL first. */
  readonly urls: readonly string[];
}

/** A rule with the tasks that take its requests, each as `address:port`. Without any, the ingress answers 503. */
export interface RoutedRule {
  readonly rule: HttpRuleDocument;
  readonly upstreams: readonly string[];
}

/** A TCP or UDP port with the tasks that take its connections, each as `address:port`. */
export interface RoutedListener {
  readonly listener: ListenerDocument;
  readonly upstreams: readonly string[];
}

/** Everything that the ingress does for one workload. */
export interface RoutedWorkload {
  readonly workload: string;
  readonly type: WorkloadType;
  readonly http?: { readonly scope: "public" | "internal"; readonly rules: readonly RoutedRule[] };
  readonly listeners: readonly RoutedListener[];
  /** Files below `<sites directory>/<artifact>`, where `artifact` is the SHA-256 of their archive. */
  readonly site?: { readonly artifact: string; readonly hosts: readonly string[] };
}

/** One environment's routing. */
export interface RoutedEnvironment {
  readonly application: string;
  readonly environment: string;
  /** As {@link EnvironmentAddress} had it. */
  readonly port: number;
  readonly workloads: readonly RoutedWorkload[];
}

/** The complete routing of an instance: what is not in it is no longer routed. */
export interface IngressState {
  readonly environments: readonly RoutedEnvironment[];
}

/** Takes requests from outside to tasks. */
export interface Ingress {
  /** Makes the environment reachable and joins its network. Idempotent; rejects with a Problem when the host has no port left. */
  ensureEnvironment(key: IngressEnvironmentKey): Promise<EnvironmentAddress>;
  /** Leaves the environment's network and gives its port back. Idempotent. */
  removeEnvironment(key: Pick<IngressEnvironmentKey, "application" | "environment" | "networkName">): Promise<void>;
  /**
   * Puts the routing in place; resolves once new requests follow it. Requests under way go on to the task that has them.
   * Idempotent and cheap when nothing changed; the caller makes one call at a time.
   */
  apply(state: IngressState): Promise<void>;
  /** URLs at which a workload answers by the routing given: its own names first, then the environment's with its path. Empty for none. */
  urls(environment: RoutedEnvironment, workload: RoutedWorkload): readonly string[];
  /** Requests that a task (`address:port`) is still answering. */
  activeRequests(upstream: string): Promise<number>;
}
