import { join } from "node:path";
import type { WorkloadType } from "../model/names.ts";
import type { ContainerHealthCheck } from "../model/workload-spec.ts";
import type { Files } from "../platform/files.ts";
import { manifestPath, type Workspace } from "../state/workspace.ts";
import type { Records } from "../targets/target.ts";

/** A workload that is about to get its first manifest. */
export interface NewWorkload {
  readonly name: string;
  readonly type: WorkloadType;
  /** Paths are from the workspace root. */
  readonly image?: { readonly dockerfile: string } | { readonly location: string };
  readonly port?: number;
  readonly healthCheck?: ContainerHealthCheck;
  readonly schedule?: string;
  readonly retries?: number;
  readonly timeout?: string;
  /** Files and folders of a site, from the workspace root. */
  readonly sources?: readonly { readonly source: string; readonly recursive: boolean }[];
  readonly topics?: readonly { readonly service: string; readonly name: string }[];
  readonly ingress?: "Environment" | "Internet";
}

/** Where a new workload's manifest is. */
export interface CreatedWorkload {
  /** From the workspace root. */
  readonly manifest: string;
  /** False when one was there, which is left alone. */
  readonly isNew: boolean;
}

/** Writes a workload's manifest where none is, and registers it. */
export async function createWorkload(
  input: { readonly workspace: Workspace; readonly workload: NewWorkload },
  { records, files }: { readonly records: Records; readonly files: Files },
): Promise<CreatedWorkload> {
  const { workspace, workload } = input;
  const { name, type } = workload;
  const manifest = manifestPath(name);
  const written = await files.create(join(workspace.root, manifest), toManifest(workload));
  await records.putWorkload({ application: workspace.application, name, type });
  return { manifest, isNew: written === "created" };
}

function toManifest(workload: NewWorkload): string {
  const { name, type, image, port, schedule, sources } = workload;
  const lines = [`name: ${name}`, `type: ${type}`];
  if (type === "Load Balanced Web Service") lines.push("http:", "  path: '/'");
  if (image !== undefined) lines.push("image:", "dockerfile" in image ? `  build: ${image.dockerfile}` : `  location: ${image.location}`);
  if (port !== undefined) lines.push(`  port: ${port}`);
  if (schedule !== undefined) lines.push("on:", `  schedule: ${JSON.stringify(schedule)}`);
  if (sources !== undefined)
    lines.push("files:", ...sources.flatMap(({ source, recursive }) => [`  - source: ${source}`, `    recursive: ${recursive}`]));
  if (image !== undefined) lines.push("cpu: 256", "memory: 512", "count: 1");
  return `${lines.join("\n")}\n`;
}
