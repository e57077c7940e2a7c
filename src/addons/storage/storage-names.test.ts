import { describe, expect, it } from "vitest";
import { databaseNameProblem, readKeyAttribute, storageNameProblem, tableKeysProblem } from "./storage-names.ts";

describe("readKeyAttribute", () => {
  it.each([
    ["email:S", { name: "email", type: "S" }],
    ["year:n", { name: "year", type: "N" }],
    ["blob:bytes", { name: "blob", type: "B" }],
    ["a:b:S", undefined],
    ["email", undefined],
    ["email:X", undefined],
    ["two words:S", undefined],
  ])("%j", (text, expected) => {
    expect(readKeyAttribute(text)).toEqual(expected);
  });
});

describe("storageNameProblem", () => {
  it.each([
    ["s3", "my-bucket.1", true],
    ["s3", "ab", false],
    ["s3", "a".repeat(64), false],
    ["s3", "My-Bucket", false],
    ["s3", "-bucket", false],
    ["s3", "bucket.", false],
    ["s3", "a..b", false],
    ["s3", "a--b", false],
    ["s3", "192.168.0.1", false],
    ["dynamodb", "Users_table.1-a", true],
    ["dynamodb", "ab", false],
    ["dynamodb", "a b c", false],
    ["aurora", "api-cluster", true],
    ["aurora", "1cluster", false],
    ["aurora", "a--b", false],
    ["aurora", "a".repeat(55), false],
  ] as const)("%s %j is accepted: %s", (kind, name, isAccepted) => {
    expect(storageNameProblem(kind, name) === undefined).toBe(isAccepted);
  });
});

describe("databaseNameProblem", () => {
  it.each([
    ["MySQL", "main_1", true],
    ["MySQL", "a".repeat(64), true],
    ["PostgreSQL", "a".repeat(64), false],
    ["MySQL", "1main", false],
    ["MySQL", "", false],
    ["MySQL", "my-db", false],
  ] as const)("%s %j is accepted: %s", (engine, name, isAccepted) => {
    expect(databaseNameProblem(engine, name) === undefined).toBe(isAccepted);
  });
});

describe("tableKeysProblem", () => {
  const key = (name: string) => ({ name, type: "S" }) as const;
  it.each([
    [{ partitionKey: key("a"), localIndexes: [] }, undefined],
    [{ partitionKey: key("a"), sortKey: key("b"), localIndexes: [key("c")] }, undefined],
    [{ partitionKey: key("a"), localIndexes: [key("c")] }, "additional sort keys need a sort key"],
    [{ partitionKey: key("a"), sortKey: key("a"), localIndexes: [] }, "`a` is named twice"],
    [
      { partitionKey: key("a"), sortKey: key("b"), localIndexes: ["1", "2", "3", "4", "5", "6"].map(key) },
      "it has 6 additional sort keys, and a table has at most 5",
    ],
  ])("%j", (table, problem) => {
    expect(tableKeysProblem(table)).toBe(problem);
  });
});
