import { join } from "node:path";
import { isJobType, type WorkloadType } from "../model/names.ts";
import { Problem } from "../model/problem.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Files } from "../platform/files.ts";
import { listWorkloadManifests, manifestPath, type ManifestFile } from "../state/workspace.ts";
import { readWorkloadIdentity } from "../workloads/load.ts";

/** A workload that has a manifest in the workspace. */
export interface LocalWorkload {
  readonly name: string;
  readonly type: WorkloadType;
  readonly manifest: ManifestFile;
}

/** Which workloads are meant. */
export type WorkloadKind = "service" | "job" | "workload";

/** Whether a type is of a kind. */
export const isOfKind = (type: WorkloadType, kind: WorkloadKind): boolean => kind === "workload" || isJobType(type) === (kind === "job");

/** What the manifests of a workspace name. */
export interface FoundWorkloads {
  /** By folder. */
  readonly workloads: readonly LocalWorkload[];
  /** Why others have no readable name and type. */
  readonly complaints: readonly Diagnostic[];
}

/** Looks at every manifest of the workspace. One that cannot be read keeps nobody from working on another workload. */
export async function findLocalWorkloads(files: Files, root: string): Promise<FoundWorkloads> {
  const complaints: Diagnostic[] = [];
  const workloads: LocalWorkload[] = [];
  for (const manifest of await listWorkloadManifests(files, root)) {
    const identity = readWorkloadIdentity(manifest.path, manifest.text);
    if (identity.ok) workloads.push({ ...identity.value, manifest });
    else complaints.push(...identity.diagnostics);
  }
  return { workloads, complaints };
}

/** Every workload that was found, for what concerns all. Throws a `Problem` with what is wrong when any could not be read. */
export function allReadable({ workloads, complaints }: FoundWorkloads): readonly LocalWorkload[] {
  if (complaints.length === 0) return workloads;
  throw new Problem("manifest-invalid", "list the workloads here: a manifest has no readable name and type", { diagnostics: complaints });
}

/**
 * The workload whose manifest is in the folder of its name, which saves reading all others. `undefined` when there is none, or when the
 * manifest names another workload or cannot be read: then the whole list tells what is wrong.
 */
export async function readLocalWorkload(files: Files, root: string, name: string): Promise<LocalWorkload | undefined> {
  const path = manifestPath(name);
  const text = await files.readText(join(root, path));
  if (text === undefined) return undefined;
  const identity = readWorkloadIdentity(path, text);
  return identity.ok && identity.value.name === name ? { ...identity.value, manifest: { path, text } } : undefined;
}
