import { type Json, type JsonObject } from "./json.ts";
import { readTemplate } from "./read.ts";

/** What Copilot notes in the metadata of the stacks of environments and workloads. */
export interface StackMetadata {
  /** Of the template, e.g. `v1.34.1`; `v0.0.0` when it says none. */
  readonly version: string;
  /** The manifest that it was made of; unset in stacks that are older than the note. */
  readonly manifest?: string;
}

/** Reads the metadata of a deployed template; `text` is YAML or JSON, or empty when there is none. */
export function readStackMetadata(text: string): StackMetadata {
  const data: JsonObject = text.trim() === "" ? {} : readTemplate(text, "the metadata of a stack");
  const { Version: version, Manifest: manifest } = data;
  return { version: textOf(version) ?? "v0.0.0", ...(textOf(manifest) === undefined ? {} : { manifest: textOf(manifest) ?? "" }) };
}

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? `${value}` : undefined;
