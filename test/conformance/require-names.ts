import { dirname } from "node:path/posix";
import { parseYaml } from "../../src/manifest/parse.ts";
import { valueOf as fieldOf } from "../../src/manifest/tree.ts";
import type { WorkspaceInputs } from "./inputs.ts";
import { Refused, valueOf } from "./rendering.ts";
import type { WorkspaceFiles } from "./workspace-files.ts";

/**
 * Refuses every workload and pipeline of a workspace in which one manifest has no readable name or not that of its folder: the original
 * lists the workloads before it packages any. We package the named one alone, and refuse the one with the mistake.
 */
export function requireNames({ workloads }: WorkspaceInputs, files: WorkspaceFiles): void {
  for (const { manifest } of workloads) {
    const text = files.text(manifest);
    const folder = dirname(manifest).split("/").at(-1) ?? "";
    if (text !== undefined) requireName(manifest, text, folder);
  }
}

function requireName(manifest: string, text: string, folder: string): void {
  const parsed = parseYaml(manifest, text);
  if (!parsed.ok) {
    // Keys that are there twice below the first level concern only who reads them.
    const diagnostics = parsed.diagnostics.filter(({ code, at }) => code !== "duplicate-key" || at?.column === 1);
    if (diagnostics.length > 0) valueOf({ ok: false, diagnostics });
    return;
  }
  const name = parsed.root.kind === "map" ? fieldOf(parsed.root, "name") : undefined;
  const written = name?.kind === "scalar" ? name.text : "";
  if (written !== folder) throw new Refused(`${manifest}: the manifest is named "${written}", and its folder "${folder}"`);
}
