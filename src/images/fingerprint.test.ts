import { chmod, mkdir, mkdtemp, readdir, readFile, rename, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { ImageBuild } from "../model/workload-spec.ts";
import { listBuildContext } from "./build-context.ts";
import { cachedFileHashes } from "./file-hashes.ts";
import { fingerprintBuild } from "./fingerprint.ts";

const build: ImageBuild = { dockerfile: "api/Dockerfile", context: "api", args: {}, cacheFrom: [] };
const old = new Date("2020-01-01");

/** A clock by which every file has long been written. */
const later = (): number => Date.now() + 60_000;

let root = "";
let cache = "";

const fingerprint = (changes: Partial<ImageBuild> = {}, platform?: string): Promise<string> =>
  fingerprintBuild(
    { root, workload: "api", build: { ...build, ...changes }, ...(platform === undefined ? {} : { platform }) },
    cachedFileHashes(cache, later),
  );

const write = async (path: string, text: string): Promise<void> => {
  await writeFile(join(root, path), text);
  await utimes(join(root, path), old, old);
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "images-"));
  cache = join(root, "cache");
  await mkdir(join(root, "api/src"), { recursive: true });
  await mkdir(join(root, "api/node_modules/x"), { recursive: true });
  await write("api/Dockerfile", "FROM scratch\n");
  await write("api/src/a.js", "a");
  await write("api/node_modules/x/index.js", "x");
  await write("api/.dockerignore", "node_modules\n*.log\n");
});

describe("the fingerprint of a build", () => {
  it("stays when nothing that the build sees changed", async () => {
    const before = await fingerprint();
    await write("api/node_modules/x/index.js", "changed");
    await write("api/debug.log", "noise");
    await utimes(join(root, "api/src/a.js"), new Date(), new Date());
    expect(await fingerprint()).toBe(before);
    expect(await fingerprint({ cacheFrom: ["elsewhere"] })).toBe(before);
  });

  it.each<[string, () => Promise<unknown>]>([
    ["a file's text", () => write("api/src/a.js", "b")],
    ["a file's mode", () => chmod(join(root, "api/src/a.js"), 0o755)],
    ["a file's name", () => rename(join(root, "api/src/a.js"), join(root, "api/src/b.js"))],
    ["a new file", () => write("api/src/new.js", "")],
    ["an empty folder", () => mkdir(join(root, "api/empty"))],
    ["a link", () => symlink("a.js", join(root, "api/src/link.js"))],
    ["the Dockerfile", () => write("api/Dockerfile", "FROM scratch\nENV A=1\n")],
    ["what is ignored", () => write("api/.dockerignore", "")],
    ["rules of the Dockerfile's own", () => write("api/Dockerfile.dockerignore", "src\n")],
  ])("changes with %s", async (_, change) => {
    const before = await fingerprint();
    await change();
    expect(await fingerprint()).not.toBe(before);
  });

  it("changes with target, arguments and platform, whatever the order of arguments", async () => {
    const all = [
      await fingerprint(),
      await fingerprint({ target: "dev" }),
      await fingerprint({ args: { A: "1" } }),
      await fingerprint({ args: { A: "2" } }),
      await fingerprint({}, "linux/arm64"),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(await fingerprint({ args: { A: "1", B: "2" } })).toBe(await fingerprint({ args: { B: "2", A: "1" } }));
  });

  it("counts an ignored Dockerfile", async () => {
    await write("api/.dockerignore", "*\n!src\n");
    const before = await fingerprint();
    await write("api/Dockerfile", "FROM other\n");
    expect(await fingerprint()).not.toBe(before);
  });

  it("looks into an ignored folder for what a rule takes back in", async () => {
    await write("api/.dockerignore", "node_modules\n!node_modules/x/index.js\n");
    const paths = (await listBuildContext(join(root, "api"), join(root, "api/Dockerfile"))).map(({ path }) => path);
    expect(paths).toContain("node_modules/x/index.js");
    expect(paths).not.toContain("node_modules");
  });

  it("remembers hashes and writes nothing when nothing changed", async () => {
    await fingerprint();
    const folder = join(cache, "file-hashes");
    const [file = ""] = await readdir(folder);
    const written = await readFile(join(folder, file), "utf8");
    expect(written).toContain("src/a.js");
    await writeFile(join(folder, file), written.replaceAll(/"[0-9a-f]{64}"/g, `"${"0".repeat(64)}"`));
    const poisoned = await readFile(join(folder, file), "utf8");
    await fingerprint();
    expect(await readFile(join(folder, file), "utf8")).toBe(poisoned);
  });

  it("is remembered whole where builds of one folder are looked at together", async () => {
    const fingerprints = await Promise.all(Array.from({ length: 8 }, () => fingerprint()));
    expect(new Set(fingerprints).size).toBe(1);
    const folder = join(cache, "file-hashes");
    const files = await readdir(folder);
    expect(files).toHaveLength(1);
    expect(JSON.parse(await readFile(join(folder, files[0] ?? ""), "utf8"))).toHaveProperty(["src/a.js"]);
  });

  it("does not remember a file that was written just now", async () => {
    await fingerprintBuild({ root, workload: "api", build }, cachedFileHashes(cache, Date.now));
    await expect(readdir(join(cache, "file-hashes"))).rejects.toThrow(/ENOENT/);
  });

  it("says which part of the manifest to correct", async () => {
    await expect(fingerprint({ dockerfile: "api/None" })).rejects.toMatchObject({
      code: "dockerfile-missing",
      message: expect.stringContaining("image of api"),
      hint: expect.stringContaining("manifest of api"),
    });
    await expect(fingerprint({ context: "none" })).rejects.toMatchObject({ code: "build-context" });
  });
});
