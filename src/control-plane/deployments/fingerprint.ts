import { createHash } from "node:crypto";
import type { StackDocument } from "../../targets/docker/stack-document.ts";

/** JSON in which the order of keys does not matter. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(",")}}`;
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Of a document with its images: deploying an equal one changes nothing. */
export function fingerprint(document: StackDocument, images: Readonly<Record<string, string>>): string {
  return hash(canonicalJson({ document, images }));
}

/**
 * Of all that a task is made from. `generation` is what sets a deployment apart that shall start new tasks although nothing changed.
 */
export function specification(document: StackDocument, images: Readonly<Record<string, string>>, generation: string): string {
  return hash(canonicalJson({ task: document.task, images, generation })).slice(0, 16);
}
