import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { YamlLanguageServer } from "./fixtures/yaml-language-server.ts";

const root = join(import.meta.dirname, "..");
const schema = (kind: string): string => `# yaml-language-server: $schema=${pathToFileURL(join(root, "schemas", `${kind}.json`)).href}\n`;
const server = new YamlLanguageServer();
let opened = 0;

/** A file of a kind, opened in the editor. */
async function open(kind: string, text: string) {
  const uri = `file:///manifest-${(opened += 1)}.yml`;
  const diagnostics = await server.open(uri, schema(kind) + text);
  return { uri, told: diagnostics.map(({ message, range }) => `${range.start.line}: ${message}`) };
}

beforeAll(() => server.start());
afterAll(() => server.stop());

describe("the YAML language server with our schemas", () => {
  test("finds a field that is not known, at its line", async () => {
    const { told } = await open("backend-service", "name: api\ntype: Backend Service\nimage:\n  build: x\n  prot: 80\n");
    expect(told).toEqual([expect.stringMatching(/^5: .*prot/)]);
  });

  test("finds a value of the wrong type, in an override too", async () => {
    const { told } = await open(
      "backend-service",
      "name: api\ntype: Backend Service\nimage:\n  build: x\nenvironments:\n  prod:\n    cpu: many\n",
    );
    expect(told).toEqual([expect.stringMatching(/^7: /)]);
  });

  test("accepts every form of a field", async () => {
    const { told } = await open(
      "load-balanced-web-service",
      `name: web
type: Load Balanced Web Service
image:
  build: { context: ., args: { A: 1 } }
  port: 80
http: { path: /, alias: [{ name: a.example.com, hosted_zone: Z }], healthcheck: /health, deregistration_delay: "\${DELAY}" }
count: { range: 1-10, cpu_percentage: { value: 70, cooldown: { in: 1m } } }
variables: { A: 1.0, B: { from_cfn: x }, C: }
exec: yes
network:
environments:
  prod:
    count: 3
    http: false
    nlb: { port: 443/tls }
`,
    );
    expect(told).toEqual([]);
  });

  test("proposes fields where one begins", async () => {
    const { uri } = await open("load-balanced-web-service", "name: web\ntype: Load Balanced Web Service\nhttp:\n  \n");
    expect(await server.complete(uri, 4, 2)).toEqual(expect.arrayContaining(["path", "healthcheck", "alias", "redirect_to_https"]));
    const top = await open("load-balanced-web-service", "name: web\ntype: Load Balanced Web Service\n\n");
    expect(await server.complete(top.uri, 3, 0)).toEqual(expect.arrayContaining(["sidecars", "environments", "count"]));
  });

  test("shows what a field means", async () => {
    const { uri } = await open("scheduled-job", "name: job\ntype: Scheduled Job\ncpu: 256\n");
    expect(await server.hover(uri, 3, 1)).toContain("1024 are one processor");
  });

  const golden = join(root, "../shared/golden/workloads");
  const files = [
    ["svc-nlb-manifest.yml", "load-balanced-web-service"],
    ["svc-manifest.yml", "load-balanced-web-service"],
    ["worker-manifest.yml", "worker-service"],
    ["job-manifest.yml", "scheduled-job"],
    ["static-site-manifest.yml", "static-site"],
    ["rdws-manifest.yml", "request-driven-web-service"],
  ] as const;
  for (const [file, kind] of files)
    test.skipIf(!existsSync(golden))(
      `finds nothing in ${file}${existsSync(golden) ? "" : " (skipped: there is no ../shared/golden beside this checkout)"}`,
      async () => {
        expect((await open(kind, readFileSync(join(golden, file), "utf8"))).told).toEqual([]);
      },
    );
});
