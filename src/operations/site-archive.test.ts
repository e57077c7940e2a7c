import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract } from "tar-stream";
import { describe, expect, test } from "vitest";
import { folderWith } from "../../test/samples/folder.ts";
import type { SiteSpec } from "../model/workload-spec.ts";
import { createSiteArchive } from "./site-archive.ts";

const entry = (source: string, more: Partial<SiteSpec["files"][number]> = {}): SiteSpec => ({
  files: [{ source, destination: "", recursive: true, exclude: [], reinclude: [], ...more }],
});

async function namesIn(site: SiteSpec, root: string): Promise<string[]> {
  const { archive } = await createSiteArchive(site, root);
  const names: string[] = [];
  const reader = extract();
  reader.on("entry", (header, stream, next) => {
    names.push(header.name);
    stream.on("end", next).resume();
  });
  await pipeline(Readable.from(archive()), reader);
  return names;
}

const files = { "site/index.html": "<p>", "site/a/b.css": "b{}", "site/a/b.map": "{}", "robots.txt": "x" };

describe("createSiteArchive", () => {
  test("has the files of a folder, at any depth only when that is asked for", async () => {
    const root = folderWith(files);
    expect(await namesIn(entry("site"), root)).toEqual(["a/b.css", "a/b.map", "index.html"]);
    expect(await namesIn(entry("site", { recursive: false }), root)).toEqual(["index.html"]);
  });

  test.each([
    ["", "robots.txt"],
    ["static/", "static/robots.txt"],
    ["static/all.txt", "static/all.txt"],
  ])("serves a single file at its destination: %j", async (destination, key) => {
    expect(await namesIn(entry("robots.txt", { destination }), folderWith(files))).toEqual([key]);
  });

  test("leaves out what is excluded, but for what is included again", async () => {
    const root = folderWith(files);
    expect(await namesIn(entry("site", { exclude: ["a/*"], reinclude: ["a/*.css"] }), root)).toEqual(["a/b.css", "index.html"]);
  });

  test("is the same for the same content, whenever it was written", async () => {
    const root = folderWith(files);
    const before = await createSiteArchive(entry("site"), root);
    utimesSync(join(root, "site/index.html"), new Date(0), new Date(0));
    expect((await createSiteArchive(entry("site"), root)).sha256).toBe(before.sha256);
    writeFileSync(join(root, "site/index.html"), "<q>");
    expect((await createSiteArchive(entry("site"), root)).sha256).not.toBe(before.sha256);
  });

  test.each([
    ["nothing", "site-source-missing"],
    ["../elsewhere", "site-source-outside"],
  ])("refuses %s", async (source, code) => {
    await expect(createSiteArchive(entry(source), folderWith({}))).rejects.toMatchObject({ code });
  });
});
