import type { WorkloadSpec } from "../model/workload-spec.ts";

/** The repository of a container's built image on an engine: the main container has the workload's own, a sidecar adds its name. */
export function imageRepository({ application, name }: Pick<WorkloadSpec, "application" | "name">, container: string): string {
  return `copilot/${application}/${container === name ? name : `${name}-${container}`}`;
}

/** The reference of an image: its tag is the fingerprint of what it is built from. */
export const imageReference = (repository: string, fingerprint: string): string => `${repository}:${fingerprint.slice(0, 20)}`;

/** A tag that an engine takes, out of any text. */
export const toImageTag = (text: string): string =>
  text
    .replaceAll(/[^\w.-]+/g, "-")
    .replace(/^[.-]+/, "")
    .slice(-128);
