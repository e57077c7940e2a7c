import type { KeyAttribute, StorageRequest, TableRequest } from "./storage-request.ts";

type StorageKind = StorageRequest["storage"]["kind"];

const KEY_TYPES = ["S", "N", "B"] as const;

/** Local secondary indexes that DynamoDB allows on a table. */
const MAX_LOCAL_INDEXES = 5;

/** Reads a key as flags give it, `name:type`; `undefined` when it is none. The type may be in lower case, or a word such as `string`. */
export function readKeyAttribute(text: string): KeyAttribute | undefined {
  const [, name, letter = ""] = /^(\S+):([sbnSBN])/.exec(text) ?? [];
  const type = KEY_TYPES.find((each) => each === letter.toUpperCase());
  if (name === undefined || type === undefined || attributeNameProblem(name) !== undefined) return undefined;
  return { name, type };
}

/** Why a text cannot name an attribute of a table; `undefined` when it can. */
export function attributeNameProblem(name: string): string | undefined {
  if (name.length > 255) return `it has ${name.length} characters, and an attribute has 1 to 255`;
  return /^[A-Za-z0-9_.-]+$/.test(name) ? undefined : "an attribute has letters, digits, underscores, dots and hyphens";
}

/** Why a text cannot name storage of a kind; `undefined` when it can. */
export function storageNameProblem(kind: StorageKind, name: string): string | undefined {
  switch (kind) {
    case "s3":
      return bucketNameProblem(name);
    case "dynamodb":
      if (name.length < 3 || name.length > 255) return `it has ${name.length} characters, and a table has 3 to 255`;
      return /^[A-Za-z0-9_.-]+$/.test(name) ? undefined : "a table has letters, digits, underscores, dots and hyphens";
    default:
      if (name.length > 54) return `it has ${name.length} characters, and a cluster has at most 54`;
      return /^[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*$/.test(name)
        ? undefined
        : "a cluster starts with a letter and goes on with letters, digits and single hyphens";
  }
}

/** Why a table cannot have these keys; `undefined` when it can. */
export function tableKeysProblem({ partitionKey, sortKey, localIndexes }: Omit<TableRequest, "kind">): string | undefined {
  if (localIndexes.length > MAX_LOCAL_INDEXES)
    return `it has ${localIndexes.length} additional sort keys, and a table has at most ${MAX_LOCAL_INDEXES}`;
  if (localIndexes.length > 0 && sortKey === undefined) return "additional sort keys need a sort key";
  const names = [partitionKey, ...(sortKey === undefined ? [] : [sortKey]), ...localIndexes].map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? undefined : `\`${twice}\` is named twice`;
}

/** The rules of S3 (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html). */
function bucketNameProblem(name: string): string | undefined {
  if (name.length < 3 || name.length > 63) return `it has ${name.length} characters, and a bucket has 3 to 63`;
  if (!/^[a-z0-9][a-z0-9.-]*[a-z0-9]$/.test(name))
    return "a bucket has lower-case letters, digits, dots and hyphens, and no mark at either end";
  if (/\.\.|--|\.-|-\./.test(name)) return "a bucket has no two marks in a row";
  return /^\d+\.\d+\.\d+\.\d+$/.test(name) ? "a bucket is not named like an IP address" : undefined;
}

/** Why a text cannot name the first database of a cluster; `undefined` when it can. */
export function databaseNameProblem(engine: "MySQL" | "PostgreSQL", name: string): string | undefined {
  const longest = engine === "MySQL" ? 64 : 63;
  if (name.length < 1 || name.length > longest) return `it has ${name.length} characters, and a database of ${engine} has 1 to ${longest}`;
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(name)
    ? undefined
    : "a database starts with a letter and goes on with letters, digits and underscores";
}
