import { describe, expect, test } from "vitest";

import { fieldPaths } from "../src/manifest/schema/field-paths.ts";
import { compileEnvironment } from "../src/targets/docker/compile/compile-environment.ts";
import { compileWorkload } from "../src/targets/docker/compile/compile-workload.ts";
import { loadWorkload } from "../src/workloads/load.ts";
import { manifestKinds } from "../scripts/manifest-kinds.ts";
import { fieldCases, kindLetters, manifestWith } from "./fixtures/manifest-draft.ts";

/** Values for the names that the list has for them. */
const samples: Readonly<Record<string, string>> = {
  "<text>": "x",
  "<int>": "3",
  "<bool>": "true",
  "<duration>": "30s",
  "<percentage>": "50",
  "<schedule>": "'@daily'",
  "<name>": "web",
};

/** Notices of the Docker target for a manifest. */
function noticesOf(kind: string, text: string): readonly string[] {
  if (kind === "E") return compileEnvironment({ application: "app", name: "test" }, text).notices;
  const loaded = loadWorkload({ file: "manifest.yml", text, application: "app", environment: "test", variables: {} });
  if (!loaded.ok) throw new Error(`${text}\n${loaded.diagnostics.map(({ message }) => message).join("\n")}`);
  const spec = loaded.value;
  const names = spec.task?.containers.map(({ name }) => name) ?? [];
  const assets = {
    images: Object.fromEntries(names.map((name) => [name, "image"])),
    envFiles: new Proxy({}, { get: () => "" }),
    site: { sha256: "0", files: 0, archive: async function* (): AsyncIterable<Uint8Array> {}, entries: [] },
  };
  return compileWorkload(spec, assets, {}).notices;
}

describe("a field that is documented to have only a notice on Docker gets one", () => {
  for (const { name, shape } of manifestKinds) {
    const kind = kindLetters[name];
    // A pipeline is carried out, not compiled.
    if (kind === undefined || name === "pipeline") continue;
    const noticed = new Set(
      fieldPaths(shape)
        .filter(({ field }) => field.docker === "notice")
        .map(({ path }) => path.replaceAll(/<[^>]+>/g, "<k>")),
    );
    for (const { kinds, path, accepted } of fieldCases)
      if (kinds.includes(kind) && noticed.has(path) && accepted.length > 0)
        test(`${name} ${path}`, () => {
          const sample = accepted.at(-1) ?? "";
          const { text } = manifestWith(kind, path, samples[sample] ?? sample);
          expect(noticesOf(kind, text).join(" "), text).toMatch(/Docker/);
        });
  }
});
