import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../../platform/write-whole.ts";

/** How a control plane that answered before is reached, kept in the user's settings so that no `docker` command is needed. */
export interface EngineRecord {
  readonly engine: string;
  readonly port: number;
  readonly token: string;
}

/** The file of the record; one for each engine and instance. */
export function engineRecordFile(settingsDirectory: string, host: string, instance: string): string {
  const engine = createHash("sha256").update(host).digest("hex").slice(0, 16);
  return join(settingsDirectory, "engines", `${engine}-${instance}.json`);
}

/** The record, or `undefined` where there is none that can be used. */
export async function readEngineRecord(file: string): Promise<EngineRecord | undefined> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("engine" in value) || !("port" in value) || !("token" in value)) return undefined;
  const { engine, port, token } = value;
  return typeof engine === "string" && typeof port === "number" && typeof token === "string" ? { engine, port, token } : undefined;
}

/** Writes the record whole or not at all, readable by its owner only. */
export const writeEngineRecord = (file: string, record: EngineRecord): Promise<void> =>
  writeWhole(file, `${JSON.stringify(record)}\n`, { isPrivate: true });

/** Forgets the record. */
export const removeEngineRecord = (file: string): Promise<void> => rm(file, { force: true });
