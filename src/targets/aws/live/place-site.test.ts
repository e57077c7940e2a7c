import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { sampleSpec } from "../../../../test/samples/workloads.ts";
import type { ArtifactStore } from "./artifact-store.ts";
import { contentType } from "./content-type.ts";
import { placeSite } from "./place-site.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function memoryStore(): { readonly store: ArtifactStore; readonly objects: Map<string, string> } {
  const objects = new Map<string, string>();
  const store: ArtifactStore = {
    bucket: "artifacts",
    place: async (key, content) => {
      objects.set(key, typeof content === "string" ? content : Buffer.from(content).toString("utf8"));
      return { bucket: "artifacts", key, url: "", arn: "" };
    },
  };
  return { store, objects };
}

const siteOf = (files: Readonly<Record<string, string>>) => ({
  sha256: "",
  files: 0,
  archive: async function* () {},
  entries: Object.entries(files).map(([key, text]) => ({ key, read: async () => Buffer.from(text) })),
});

test("a site's files lie by their content, and a list says where each is copied to", async () => {
  const { store, objects } = memoryStore();
  const files = { "index.html": "<p>", "copy.html": "<p>", "a/b.css": "b{}", LICENSE: "mine" };
  const place = await placeSite(sampleSpec({ name: "web" }), siteOf(files), store);
  const mapping = objects.get(place.key) ?? "";
  expect(place.key).toBe(`local-assets/environments/test/workloads/web/mapping/${sha256(mapping)}`);
  expect(objects.get(`local-assets/${sha256("<p>")}`)).toBe("<p>");
  const listed = [
    { path: `local-assets/${sha256("<p>")}`, destPath: "copy.html", contentType: "text/html; charset=utf-8" },
    { path: `local-assets/${sha256("<p>")}`, destPath: "index.html", contentType: "text/html; charset=utf-8" },
    { path: `local-assets/${sha256("b{}")}`, destPath: "a/b.css", contentType: "text/css; charset=utf-8" },
    { path: `local-assets/${sha256("mine")}`, destPath: "LICENSE", contentType: "" },
  ];
  expect(mapping).toBe(JSON.stringify(listed.toSorted((a, b) => (a.path + a.destPath < b.path + b.destPath ? -1 : 1))));
  expect((await placeSite(sampleSpec({ name: "web" }), siteOf(files), memoryStore().store)).key).toBe(place.key);
});

test("the type of a file is told by its name, and not made up", () => {
  expect(["A.HTML", "x.unknown", "noname"].map(contentType)).toEqual(["text/html; charset=utf-8", "", ""]);
});
