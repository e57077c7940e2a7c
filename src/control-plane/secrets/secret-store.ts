import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Problem } from "../../model/problem.ts";
import { writeWhole } from "../../platform/write-whole.ts";
import type { SecretWritten } from "../../targets/docker/protocol.ts";
import type { EnvironmentKey } from "../object-names.ts";
import type { SecretSource } from "./secret-source.ts";

/** Secrets of environments. What leaves it goes into a container's environment and nowhere else. */
export interface SecretStore extends SecretSource {
  /** Names only, in order. */
  names(key: EnvironmentKey): readonly string[];
  /** Keeps a secret; where there is one of that name and `overwrite` is false, nothing changes and the answer says so. */
  put(key: EnvironmentKey, name: string, secret: { readonly value: string; readonly overwrite: boolean }): Promise<SecretWritten>;
  /** Tells whether there was one. */
  remove(key: EnvironmentKey, name: string): Promise<boolean>;
  /** Removes all secrets of an environment. */
  removeAll(key: EnvironmentKey): Promise<void>;
}

interface SealedSecret {
  readonly nonce: string;
  readonly tag: string;
  readonly data: string;
}

const algorithm = "aes-256-gcm";
const namePattern = /^[A-Za-z0-9._-]+$/;
/** Shorter values would mask half of what is written. */
const shortestMasked = 4;
const mask = "***";

/** Opens the secrets in `file`, sealed with the key in `keyFile`, which is made when there is none. Both are the owner's alone. */
export async function openSecretStore(file: string, keyFile: string): Promise<SecretStore> {
  const key = await readKey(keyFile);
  const values = new Map<string, ReadonlyMap<string, string>>();
  for (const [place, secrets] of Object.entries(await readSealed(file))) {
    values.set(place, new Map(Object.entries(secrets).map(([name, sealed]) => [name, unseal(key, `${place}/${name}`, sealed)])));
  }
  let writing: Promise<void> = Promise.resolve();
  const change = (place: string, edit: (before: ReadonlyMap<string, string>) => ReadonlyMap<string, string>): Promise<void> => {
    writing = writing
      .catch(() => undefined)
      .then(async () => {
        const after = new Map(values);
        const edited = edit(values.get(place) ?? new Map());
        if (edited.size > 0) after.set(place, edited);
        else after.delete(place);
        await writeWhole(file, JSON.stringify(sealAll(key, after)), { isPrivate: true, isLasting: true });
        if (edited.size > 0) values.set(place, edited);
        else values.delete(place);
      });
    return writing;
  };
  return createStore(values, change);
}

type Change = (place: string, edit: (before: ReadonlyMap<string, string>) => ReadonlyMap<string, string>) => Promise<void>;

const placeOf = (key: EnvironmentKey): string => `${key.application}/${key.environment}`;

function createStore(values: ReadonlyMap<string, ReadonlyMap<string, string>>, change: Change): SecretStore {
  const of = (key: EnvironmentKey): ReadonlyMap<string, string> => values.get(placeOf(key)) ?? new Map();
  return {
    names: (key) => [...of(key).keys()].toSorted(),
    async put(key, name, { value, overwrite }) {
      if (!namePattern.test(name)) {
        throw new Problem(
          "secret-name-invalid",
          `Secret "${name}" was not stored: a name has letters, digits, dots, hyphens and underscores`,
        );
      }
      let result: SecretWritten["result"] = "created";
      await change(placeOf(key), (before) => {
        if (before.has(name)) result = overwrite ? "overwritten" : "exists";
        return result === "exists" ? before : new Map([...before, [name, value]]);
      });
      return { result };
    },
    async remove(key, name) {
      const had = of(key).has(name);
      if (had) await change(placeOf(key), (before) => new Map([...before].filter(([other]) => other !== name)));
      return had;
    },
    removeAll: (key) => change(placeOf(key), () => new Map()),
    resolve(key, names) {
      const known = of(key);
      const resolved = Object.entries(names).map(([variable, name]) => {
        const value = known.get(name);
        if (value === undefined) throw new Problem("secret-not-found", `Environment ${key.environment} has no secret "${name}"`);
        return [variable, value] as const;
      });
      return Promise.resolve(Object.fromEntries(resolved));
    },
    mask: (key, text) => maskValues([...of(key).values()], text),
  };
}

/** Replaces each of the values in a text, the longer ones first since one may hold another. */
export function maskValues(values: readonly string[], text: string): string {
  const lines = values.flatMap((value) => [value, ...value.split("\n")]).filter((value) => value.trim().length >= shortestMasked);
  return lines.toSorted((a, b) => b.length - a.length).reduce((masked, value) => masked.replaceAll(value, mask), text);
}

function seal(key: Buffer, name: string, value: string): SealedSecret {
  const nonce = randomBytes(12);
  const cipher = createCipheriv(algorithm, key, nonce);
  // The name is sealed in with the value, so that a sealed value cannot be moved to another name.
  cipher.setAAD(Buffer.from(name));
  const data = Buffer.concat([cipher.update(value, "utf8"), cipher.final()]);
  return { nonce: nonce.toString("base64"), tag: cipher.getAuthTag().toString("base64"), data: data.toString("base64") };
}

function unseal(key: Buffer, name: string, sealed: SealedSecret): string {
  const decipher = createDecipheriv(algorithm, key, Buffer.from(sealed.nonce, "base64"));
  decipher.setAAD(Buffer.from(name));
  decipher.setAuthTag(Buffer.from(sealed.tag, "base64"));
  return Buffer.concat([decipher.update(Buffer.from(sealed.data, "base64")), decipher.final()]).toString("utf8");
}

type SealedFile = Readonly<Record<string, Readonly<Record<string, SealedSecret>>>>;

function sealAll(key: Buffer, values: ReadonlyMap<string, ReadonlyMap<string, string>>): SealedFile {
  return Object.fromEntries(
    [...values].map(([place, secrets]) => [
      place,
      Object.fromEntries([...secrets].map(([name, value]) => [name, seal(key, `${place}/${name}`, value)])),
    ]),
  );
}

async function readSealed(file: string): Promise<SealedFile> {
  const text = await readFile(file, "utf8").catch(ifMissing("{}"));
  const parsed: unknown = JSON.parse(text);
  if (!isSealedFile(parsed)) throw new Error(`${file} does not hold sealed secrets.`);
  return parsed;
}

function isSealedFile(value: unknown): value is SealedFile {
  const isRecord = (candidate: unknown): candidate is Record<string, unknown> => typeof candidate === "object" && candidate !== null;
  const isSealed = (candidate: unknown): boolean =>
    isRecord(candidate) && [candidate["nonce"], candidate["tag"], candidate["data"]].every((part) => typeof part === "string");
  return isRecord(value) && Object.values(value).every((secrets) => isRecord(secrets) && Object.values(secrets).every(isSealed));
}

async function readKey(keyFile: string): Promise<Buffer> {
  const text = await readFile(keyFile, "utf8").catch(ifMissing(""));
  if (text !== "") return Buffer.from(text.trim(), "base64");
  const key = randomBytes(32);
  await writeWhole(keyFile, `${key.toString("base64")}\n`, { isPrivate: true, isLasting: true });
  return key;
}

function ifMissing(fallback: string): (error: NodeJS.ErrnoException) => string {
  return (error) => {
    if (error.code === "ENOENT") return fallback;
    throw error;
  };
}
