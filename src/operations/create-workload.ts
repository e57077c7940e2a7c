import { join } from "node:path";
import type { Files } from "../platform/files.ts";
import { manifestPath, type Workspace } from "../state/workspace.ts";
import type { Records } from "../targets/target.ts";
import { scaffoldManifest, type ScaffoldInput } from "../workloads/scaffold.ts";

/** A workload that is about to get its first manifest; paths are from the workspace root. */
export type NewWorkload = ScaffoldInput;

/** Where a new workload's manifest is. */
export interface CreatedWorkload {
  /** From the workspace root. */
  readonly manifest: string;
  /** False when one was there, which is left alone. */
  readonly isNew: boolean;
  /** Whether the application knew the workload before. */
  readonly wasRegistered: boolean;
}

/**
 * Writes a workload's manifest where none is, and registers it. The first Load Balanced Web Service of an application answers at `/`,
 * each further one below its name, since of two at the same path one would never be reached.
 */
export async function createWorkload(
  input: { readonly workspace: Workspace; readonly workload: NewWorkload },
  { records, files }: { readonly records: Records; readonly files: Files },
): Promise<CreatedWorkload> {
  const { workspace, workload } = input;
  const { name, type } = workload;
  const manifest = manifestPath(name);
  const known = await records.workloads(workspace.application);
  const isFurther = known.some((other) => other.type === "Load Balanced Web Service" && other.name !== name);
  const path = isFurther ? { path: `/${name}` } : {};
  const written = await files.create(join(workspace.root, manifest), scaffoldManifest({ ...path, ...workload }));
  await records.putWorkload({ application: workspace.application, name, type });
  return { manifest, isNew: written === "created", wasRegistered: known.some((other) => other.name === name) };
}
