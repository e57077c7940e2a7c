import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { functionArchiveKey } from "../src/targets/aws/custom-resources/archive-key.ts";
import { functionHandlers, functionSets } from "../src/targets/aws/custom-resources/functions.ts";
import { readFunctionArchives } from "../src/targets/aws/custom-resources/read-archives.ts";
import { buildCustomResources } from "./build-custom-resources.ts";

// Below the project, so that the SDK is found as it is in Lambda.
const folder = mkdtempSync(join(import.meta.dirname, "../node_modules/.custom-resources-"));
const elsewhere = mkdtempSync(join(tmpdir(), "custom-resources-"));
const require = createRequire(import.meta.url);

beforeAll(async () => {
  await buildCustomResources(folder);
  await buildCustomResources(elsewhere);
});

afterAll(() => {
  for (const each of [folder, elsewhere]) rmSync(each, { recursive: true, force: true });
});

function load(source: string): Readonly<Record<string, unknown>> {
  const code = unzipSync(readFileSync(join(folder, `${source}.zip`)))["index.js"];
  if (code === undefined) throw new Error(`${source}.zip has no index.js`);
  const file = join(folder, `${source}.cjs`);
  writeFileSync(file, code);
  return require(file);
}

describe("buildCustomResources", () => {
  it("writes an archive for each source", () => {
    expect(readdirSync(elsewhere).toSorted()).toEqual(
      Object.keys(functionHandlers)
        .map((source) => `${source}.zip`)
        .toSorted(),
    );
  });

  it("has a source for every function of every template", () => {
    const used = Object.values(functionSets).flatMap((set) => set.map(({ source }) => source));
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(functionHandlers).toSorted());
  });

  describe.each(Object.entries(functionHandlers))("%s", (source, handler) => {
    it("is the same bytes each time, and small", () => {
      const bytes = readFileSync(join(folder, `${source}.zip`));
      expect(bytes.equals(readFileSync(join(elsewhere, `${source}.zip`)))).toBe(true);
      expect(Object.keys(unzipSync(bytes))).toEqual(["index.js"]);
      expect(bytes.length).toBeLessThan(20_000);
    });

    it(`exports ${handler}, which is asynchronous and takes no callback`, () => {
      process.env["AWS_REGION"] ??= "us-west-2";
      const exported = load(source)[handler];
      expect(exported).toBeTypeOf("function");
      expect(exported).toHaveProperty("length", source === "backlog-per-task" ? 0 : 2);
    });
  });

  it("answers a real request", async () => {
    const bodies: unknown[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        bodies.push(JSON.parse(Buffer.concat(chunks).toString()));
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const handler = load("unique-json-values")["handler"];
    if (typeof handler !== "function") throw new Error("no handler");
    const event = {
      RequestType: "Create",
      ResponseURL: `http://127.0.0.1:${address.port}/`,
      LogicalResourceId: "UniqueAliasesAction",
      ResourceProperties: { Aliases: '{"web":["b.example","a.example"]}', FilterFor: "web" },
    };
    await handler(event, { logGroupName: "", logStreamName: "" });
    await new Promise((resolve) => server.close(resolve));
    expect(bodies).toMatchObject([{ Status: "SUCCESS", Data: { UniqueValues: ["a.example", "b.example"] } }]);
  });
});

describe("readFunctionArchives", () => {
  it("gives the set of each kind of template, with keys that tell functions of one name apart", async () => {
    const site = await readFunctionArchives(folder, "Static Site");
    const environment = await readFunctionArchives(folder, "environment");
    expect(site.map(({ logicalId }) => logicalId)).toEqual([
      "TriggerStateMachineFunction",
      "CertificateValidationFunction",
      "CustomDomainFunction",
    ]);
    const keys = [...site, ...environment].map(({ key }) => key);
    expect(keys.filter((key) => key.includes("/customdomainfunction/"))).toHaveLength(2);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("functionArchiveKey", () => {
  it("has the function's name in lower case and the hash of the content", () => {
    expect(functionArchiveKey("EnvControllerFunction", new Uint8Array([1]))).toBe(
      "manual/scripts/custom-resources/envcontrollerfunction/4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a.zip",
    );
  });
});
