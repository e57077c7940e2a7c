import type { TargetName, WorkloadType } from "./names.ts";

/** A collection of environments and workloads under one name. */
export interface Application {
  readonly name: string;
  /** Where the application's records live. Its environments may be on either target. */
  readonly target: TargetName;
  /** The domain whose names its services may take, e.g. `example.com`. */
  readonly domain?: string;
  readonly permissionsBoundary?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A registered environment of an application. */
export interface Environment {
  readonly application: string;
  readonly name: string;
  readonly target: TargetName;
  /** AWS only. */
  readonly region?: string;
  /** AWS only. */
  readonly accountId?: string;
  /** AWS only: everything that its record in the Parameter Store says, by the names that are there. */
  readonly record?: Readonly<Record<string, unknown>>;
  /** Docker only: the port of its own on loopback at which it answers. */
  readonly port?: number;
}

/** A registered workload of an application. */
export interface Workload {
  readonly application: string;
  readonly name: string;
  readonly type: WorkloadType;
}
