import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { maskValues, openSecretStore } from "./secret-store.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "copilot-secrets-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));
const open = (): ReturnType<typeof openSecretStore> => openSecretStore(join(directory, "secrets.json"), join(directory, "secrets.key"));

const test1 = { application: "shop", environment: "test" };
const prod = { application: "shop", environment: "prod" };

test("secrets are of one environment, and outlive the program", async () => {
  const store = await open();
  await Promise.all([
    store.put(test1, "token", { value: "of test", overwrite: false }),
    store.put(prod, "token", { value: "of prod", overwrite: false }),
  ]);
  const again = await open();
  expect(again.names(test1)).toEqual(["token"]);
  expect(await again.resolve(test1, { TOKEN: "token" })).toEqual({ TOKEN: "of test" });
  expect(await again.resolve(prod, { TOKEN: "token" })).toEqual({ TOKEN: "of prod" });
  await again.removeAll(test1);
  expect((await open()).names(test1)).toEqual([]);
  expect((await open()).names(prod)).toEqual(["token"]);
});

test("what is missing is named, and a name that no variable could have is refused", async () => {
  const store = await open();
  await expect(Promise.resolve().then(() => store.resolve(test1, { TOKEN: "token" }))).rejects.toMatchObject({ code: "secret-not-found" });
  await expect(store.put(test1, "a b", { value: "v", overwrite: false })).rejects.toMatchObject({ code: "secret-name-invalid" });
});

test("a sealed value cannot be moved to another environment", async () => {
  const store = await open();
  await store.put(prod, "token", { value: "of prod", overwrite: false });
  const file = join(directory, "secrets.json");
  await writeFile(file, (await readFile(file, "utf8")).replace("shop/prod", "shop/test"));
  await expect(open()).rejects.toThrow();
});

test("values are masked wherever they stand, longer ones first, lines one by one, short ones not at all", () => {
  expect(maskValues(["token", "token-two"], "token-two and token")).toBe("*** and ***");
  expect(maskValues(["line one\nline two"], "x line two y")).toBe("x *** y");
  expect(maskValues(["1"], "1 + 1")).toBe("1 + 1");
});
