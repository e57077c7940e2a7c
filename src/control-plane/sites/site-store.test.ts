import { createHash } from "node:crypto";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pack } from "tar-stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSiteStore } from "./site-store.ts";

let directory: string;
let now = 0;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "copilot-sites-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function archive(fill: (tar: ReturnType<typeof pack>) => void): Promise<{ readonly bytes: Buffer; readonly hash: string }> {
  const tar = pack();
  fill(tar);
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) if (chunk instanceof Uint8Array) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return { bytes, hash: createHash("sha256").update(bytes).digest("hex") };
}

test("an archive is unpacked under its hash, counted, and pruned when nothing uses it", async () => {
  const store = createSiteStore(directory, () => now);
  const site = await archive((tar) => {
    tar.entry({ name: "index.html" }, "hello");
    tar.entry({ name: "css/main.css" }, "body{}");
  });
  expect(await store.has(site.hash)).toBe(false);
  await store.put(site.hash, Readable.from([site.bytes]));
  await store.put(site.hash, Readable.from([site.bytes]));
  expect(await store.has(site.hash)).toBe(true);
  expect(await readFile(join(directory, site.hash, "css/main.css"), "utf8")).toBe("body{}");
  expect(await store.size(site.hash)).toEqual({ objects: 2, bytes: 11 });
  store.release(site.hash);
  await store.prune(() => new Set([site.hash]));
  expect(await store.has(site.hash)).toBe(true);
  await store.prune(() => new Set());
  expect(await readdir(directory)).toEqual([]);
});

test("what was uploaded is kept from being pruned until its deployment has ended, and not for ever", async () => {
  now = Date.now();
  const store = createSiteStore(directory, () => now);
  const site = await archive((tar) => tar.entry({ name: "index.html" }, "hello"));
  const prune = (): Promise<void> => store.prune(() => new Set());
  await store.put(site.hash, Readable.from([site.bytes]));
  await prune();
  expect(await store.has(site.hash)).toBe(true);
  now += 2 * 3_600_000;
  await prune();
  expect(await store.has(site.hash)).toBe(false);
});

test("a deletion meanwhile leaves an upload alone that is under way", async () => {
  now = Date.now();
  const store = createSiteStore(directory, () => now);
  const site = await archive((tar) => tar.entry({ name: "index.html" }, "hello"));
  async function* slowly(): AsyncGenerator<Buffer> {
    yield site.bytes.subarray(0, 100);
    await store.prune(() => new Set());
    yield site.bytes.subarray(100);
  }
  await store.put(site.hash, Readable.from(slowly()));
  expect(await store.has(site.hash)).toBe(true);
});

test("bytes of another hash, and names that are no hash, are refused and leave nothing", async () => {
  const store = createSiteStore(directory, () => now);
  const site = await archive((tar) => tar.entry({ name: "index.html" }, "hello"));
  await expect(store.put("0".repeat(64), Readable.from([site.bytes]))).rejects.toMatchObject({ code: "artifact-invalid" });
  await expect(Promise.resolve().then(() => store.put("../evil", Readable.from([site.bytes])))).rejects.toMatchObject({
    code: "artifact-invalid",
  });
  expect(await readdir(directory)).toEqual([]);
});

test("nothing of an archive gets out of its folder", async () => {
  const store = createSiteStore(directory, () => now);
  const site = await archive((tar) => {
    tar.entry({ name: "../outside.txt" }, "no");
    tar.entry({ name: "link", type: "symlink", linkname: "/etc/passwd" });
    tar.entry({ name: "index.html" }, "yes");
  });
  await store.put(site.hash, Readable.from([site.bytes]));
  expect(await readdir(directory)).toEqual([site.hash]);
  expect(await readdir(join(directory, site.hash))).toEqual(["index.html"]);
});
