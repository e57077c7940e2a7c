import type { WorkloadSpec } from "../model/workload-spec.ts";

/** Whose images are kept. */
export type ImageOwner = Pick<WorkloadSpec, "application" | "environment" | "name">;

/** A name and a password for `docker login`. The password is a secret: it goes through standard input only. */
export interface RegistryCredentials {
  readonly user: string;
  readonly password: string;
}

/** Where images are pushed to, for tasks that run elsewhere. */
export interface ImageRegistry {
  /** Address of the repository of a workload's images, without a tag. Throws a `Problem` when there is none. */
  readonly repository: (owner: ImageOwner) => Promise<string>;
  /** Asked for only when `docker` has no helper that knows the registry. */
  readonly credentials: (owner: ImageOwner) => Promise<RegistryCredentials>;
}
