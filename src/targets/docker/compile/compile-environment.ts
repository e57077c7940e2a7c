import { parse } from "yaml";
import type { EnvironmentDocument } from "../stack-document.ts";

/** Top-level fields of an environment's manifest that describe AWS. */
const awsFields = ["network", "cdn", "http", "observability"] as const;

const isFilled = (value: unknown): boolean => typeof value === "object" && value !== null && Object.keys(value).length > 0;

function toNotices(manifest: string): readonly string[] {
  const value: unknown = parse(manifest);
  if (typeof value !== "object" || value === null) return [];
  const fields = awsFields.filter((field) => isFilled(Object.getOwnPropertyDescriptor(value, field)?.value));
  return fields.length === 0 ? [] : [`Without meaning on Docker: ${fields.join(", ")}.`];
}

/** An environment as the Docker target deploys it. The manifest is one that was checked. */
export function compileEnvironment(place: { readonly application: string; readonly name: string }, manifest: string): EnvironmentDocument {
  return {
    format: "copilot-environment/1",
    application: place.application,
    environment: place.name,
    manifest,
    notices: toNotices(manifest),
  };
}
