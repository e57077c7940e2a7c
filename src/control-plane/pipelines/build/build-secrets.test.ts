import { describe, expect, test } from "vitest";
import type { SecretVariable } from "../../../pipelines/buildspec/buildspec.ts";
import { applicationSecrets, resolveBuildSecrets, type BuildSecretSource } from "./build-secrets.ts";

const kept: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "shop/test": { token: "test-token", db: '{"user":"ann","port":5432}' },
  "shop/prod": { token: "prod-token" },
  [`shop/${applicationSecrets}`]: { shared: "of-all" },
  "other/test": { theirs: "never" },
};
const source: BuildSecretSource = {
  names: ({ application, environment }) => Object.keys(kept[`${application}/${environment}`] ?? {}),
  resolve: ({ application, environment }, names) =>
    Promise.resolve(
      Object.fromEntries(Object.entries(names).map(([variable, name]) => [variable, kept[`${application}/${environment}`]?.[name] ?? ""])),
    ),
  mask: (_key, text) => text,
};
const place = { application: "shop", environments: ["test", "prod"] };
const resolve = (reference: string, more: Partial<SecretVariable> = {}) =>
  resolveBuildSecrets([{ variable: "A", store: "parameter-store", reference, ...more }], place, source);

describe("secrets of a build", () => {
  test.each([
    ["token", "test-token"],
    ["/copilot/shop/prod/secrets/token", "prod-token"],
    ["/any/path/token", "test-token"],
    ["shared", "of-all"],
    ["arn:aws:ssm:eu-west-1:1111:parameter/x/token", "test-token"],
    ["arn:aws:secretsmanager:eu-west-1:1111:secret:token-AbCdEf", "test-token"],
  ])("%s", async (reference, value) => {
    expect(await resolve(reference)).toEqual({ A: value });
  });

  test("a key of a JSON secret", async () => {
    expect(await resolve("db", { store: "secrets-manager", jsonKey: "user" })).toEqual({ A: "ann" });
    expect(await resolve("db", { store: "secrets-manager", jsonKey: "port" })).toEqual({ A: "5432" });
    await expect(resolve("db", { jsonKey: "none" })).rejects.toMatchObject({ code: "secret-not-found" });
    await expect(resolve("token", { jsonKey: "user" })).rejects.toMatchObject({ code: "secret-not-json" });
  });

  test.each([
    ["of another application", "/copilot/other/test/secrets/theirs", "secret-refused"],
    ["of another application by its name alone", "theirs", "secret-not-found"],
    ["that does not exist", "none", "secret-not-found"],
  ])("one %s is refused", async (_, reference, code) => {
    await expect(resolve(reference)).rejects.toMatchObject({ code });
  });
});
