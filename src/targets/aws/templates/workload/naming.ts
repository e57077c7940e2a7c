import { createHash } from "node:crypto";
import { importValue, sub } from "../../cloudformation/intrinsics.ts";
import type { ImportValue } from "../../cloudformation/intrinsics.ts";

/** The part of a logical ID that a name gives: its letters and digits. */
export const toLogicalId = (name: string): string => name.replace(/[^a-zA-Z0-9]+/g, "");

/** The ending of numbered logical IDs: the first has none. */
export const toOrdinal = (index: number): string => (index === 0 ? "" : String(index));

/** What the environment's stack exports under `<app>-<env>-<suffix>`. */
export const environmentExport = (suffix: string): ImportValue => importValue(sub(`\${AppName}-\${EnvName}-${suffix}`));

/** The name of a variable for an output of an addon: `usersTableName` gives `USERS_TABLE_NAME`. */
export const toVariableName = (output: string): string =>
  output
    .replace(/([a-z0-9]+)([A-Z])/g, "$1_$2")
    .replace(/([A-Z0-9])([A-Z][a-z])/g, "$1_$2")
    .toUpperCase();

/** The entries of a record by key. */
export const sortedEntries = <T>(record: Readonly<Record<string, T>>): readonly (readonly [string, T])[] =>
  Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));

/** A name of at most 64 characters: a longer one keeps 58 and gets six of its SHA-256, so that two of them still differ. */
export function toBoundedName(name: string): string {
  if (name.length <= 58) return name;
  return name.slice(0, 58) + createHash("sha256").update(name).digest("hex").slice(0, 6);
}

/** A list or record that is left out when it is empty: an empty property is another template than none. */
export const unlessEmpty = <T extends object>(value: T): T | undefined => (Object.keys(value).length === 0 ? undefined : value);
