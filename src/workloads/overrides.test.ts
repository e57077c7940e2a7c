import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { renderTree } from "../manifest/render-tree.ts";
import { resolveWorkload } from "./load.ts";

const types = {
  L: "type: Load Balanced Web Service\nimage: {location: x, port: 80}\nhttp: {path: /}",
  B: "type: Backend Service\nimage: {location: x, port: 80}",
  W: "type: Worker Service\nimage: {location: x}",
  J: "type: Scheduled Job\nimage: {location: x}\non: {schedule: '@daily'}",
  R: "type: Request-Driven Web Service\nimage: {location: x, port: 80}",
  S: "type: Static Site",
} as const;

/** The manifest for `prod` as data, where `base` and the override of `prod` are put into the smallest manifest of a type. */
function resolve(type: keyof typeof types, { base = "", prod }: { readonly base?: string; readonly prod: string }): unknown {
  const field = /^(\w+):/.exec(base)?.[1];
  const rest = types[type]
    .split("\n")
    .filter((line) => field === undefined || !line.startsWith(`${field}:`))
    .join("\n");
  const text = `name: web\n${rest}\n${base}\nenvironments:\n  prod: ${prod}\n`;
  const result = resolveWorkload({ file: "manifest.yml", text, application: "app", environment: "prod", variables: {} });
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join("\n"));
  return parse(renderTree(result.value.resolved));
}

/** What each rule of merging makes of a base and an override: the field in question, resolved. */
const cases: readonly (readonly [string, keyof typeof types, string, string, unknown])[] = [
  ["a scalar is replaced", "B", "cpu: 256", "{cpu: 512}", { cpu: 512 }],
  ["an explicit false counts as set", "B", "exec: true", "{exec: false}", { exec: false }],
  ["an explicit 0 counts as set", "B", "count: 2", "{count: 0}", { count: 0 }],
  ["an explicit empty text counts as set", "L", "http: {path: /api}", "{http: {path: ''}}", { http: { path: "" } }],
  [
    "an empty text of a Static Site does not",
    "S",
    "http: {alias: a.example.com}",
    "{http: {alias: ''}}",
    { http: { alias: "a.example.com" } },
  ],
  ["what says nothing changes nothing", "B", "cpu: 512", "{cpu: }", { cpu: 512 }],
  ["an environment that says nothing changes nothing", "J", "cpu: 512", "", { cpu: 512 }],
  ["an environment that says nothing changes nothing for App Runner", "R", "cpu: 512", "~", { cpu: 512 }],
  ["a list is replaced as a whole", "B", "command: [a, b]", "{command: [c]}", { command: ["c"] }],
  ["an empty list replaces too", "B", "command: [a, b]", "{command: []}", { command: [] }],
  ["maps are merged by key", "B", "variables: {A: 1, B: 2}", "{variables: {B: 3, C: 4}}", { variables: { A: 1, B: 3, C: 4 } }],
  ["a variable is replaced by key", "B", "variables: {A: {from_cfn: x}}", "{variables: {A: y}}", { variables: { A: "y" } }],
  [
    "a secret is replaced by key",
    "B",
    "secrets: {A: x}",
    "{secrets: {A: {secretsmanager: y}}}",
    { secrets: { A: { secretsmanager: "y" } } },
  ],
  [
    "sidecars are merged deeply",
    "B",
    "sidecars: {n: {image: a, port: 81, variables: {A: 1}}}",
    "{sidecars: {n: {image: b, variables: {B: 2}}}}",
    { sidecars: { n: { image: "b", port: 81, variables: { A: 1, B: 2 } } } },
  ],
  [
    "volumes are merged deeply",
    "B",
    "storage: {volumes: {v: {path: /a, read_only: false}}}",
    "{storage: {volumes: {v: {path: /b}}}}",
    { storage: { volumes: { v: { path: "/b", read_only: false } } } },
  ],
  ["location drops build", "B", "image: {build: a, port: 80}", "{image: {location: b}}", { image: { location: "b", port: 80 } }],
  ["build drops location", "B", "image: {location: b, port: 80}", "{image: {build: a}}", { image: { build: "a", port: 80 } }],
  ["a build map drops the text", "B", "image: {build: a}", "{image: {build: {target: t}}}", { image: { build: { target: "t" } } }],
  ["a build text drops the map", "B", "image: {build: {target: t}}", "{image: {build: a}}", { image: { build: "a" } }],
  [
    "build maps are merged",
    "B",
    "image: {build: {target: t, args: {A: 1}}}",
    "{image: {build: {args: {B: 2}}}}",
    { image: { build: { target: "t", args: { A: 1, B: 2 } } } },
  ],
  [
    "alias maps drop texts",
    "L",
    "http: {path: /, alias: a}",
    "{http: {alias: [{name: b}]}}",
    { http: { path: "/", alias: [{ name: "b" }] } },
  ],
  ["alias texts drop maps", "L", "http: {path: /, alias: [{name: b}]}", "{http: {alias: a}}", { http: { path: "/", alias: "a" } }],
  ["an entrypoint's list drops its text", "B", "entrypoint: a b", "{entrypoint: [c]}", { entrypoint: ["c"] }],
  [
    "a platform map drops the text",
    "B",
    "platform: linux/arm64",
    "{platform: {osfamily: linux, architecture: x86_64}}",
    { platform: { osfamily: "linux", architecture: "x86_64" } },
  ],
  [
    "a platform text drops the map",
    "B",
    "platform: {osfamily: linux, architecture: x86_64}",
    "{platform: linux/arm64}",
    { platform: "linux/arm64" },
  ],
  [
    "security groups in a map drop the list",
    "B",
    "network: {vpc: {security_groups: [a]}}",
    "{network: {vpc: {security_groups: {deny_default: true}}}}",
    { network: { vpc: { security_groups: { deny_default: true } } } },
  ],
  [
    "Service Connect's flag drops the alias",
    "B",
    "network: {connect: {alias: a}}",
    "{network: {connect: false}}",
    { network: { connect: false } },
  ],
  [
    "Service Connect's alias drops the flag",
    "B",
    "network: {connect: true}",
    "{network: {connect: {alias: a}}}",
    { network: { connect: { alias: "a" } } },
  ],
  [
    "placement in subnets drops the word",
    "B",
    "network: {vpc: {placement: private}}",
    "{network: {vpc: {placement: {subnets: [s]}}}}",
    { network: { vpc: { placement: { subnets: ["s"] } } } },
  ],
  [
    "subnets by tags drop ids",
    "B",
    "network: {vpc: {placement: {subnets: [s]}}}",
    "{network: {vpc: {placement: {subnets: {from_tags: {a: b}}}}}}",
    { network: { vpc: { placement: { subnets: { from_tags: { a: "b" } } } } } },
  ],
  [
    "a health check map drops the path",
    "L",
    "http: {path: /, healthcheck: /a}",
    "{http: {healthcheck: {interval: 5s}}}",
    { http: { path: "/", healthcheck: { interval: "5s" } } },
  ],
  [
    "health check maps are merged",
    "L",
    "http: {path: /, healthcheck: {path: /a, interval: 5s}}",
    "{http: {healthcheck: {interval: 9s}}}",
    { http: { path: "/", healthcheck: { path: "/a", interval: "9s" } } },
  ],
  [
    "alarms by name drop limits",
    "B",
    "deployment: {rollback_alarms: {cpu_utilization: 5}}",
    "{deployment: {rollback_alarms: [a]}}",
    { deployment: { rollback_alarms: ["a"] } },
  ],
  [
    "a sidecar's image map drops its text",
    "B",
    "sidecars: {n: {image: a}}",
    "{sidecars: {n: {image: {build: b}}}}",
    { sidecars: { n: { image: { build: "b" } } } },
  ],
  [
    "private by endpoint drops the flag",
    "R",
    "http: {private: true}",
    "{http: {private: {endpoint: e}}}",
    { http: { private: { endpoint: "e" } } },
  ],
  ["a count's number drops the map", "B", "count: {spot: 2}", "{count: 3}", { count: 3 }],
  ["spot drops scaling", "B", "count: {range: 1-5, cpu_percentage: 50, cooldown: {in: 5s}}", "{count: {spot: 2}}", { count: { spot: 2 } }],
  [
    "scaling drops spot",
    "B",
    "count: {spot: 2}",
    "{count: {range: 1-5, cpu_percentage: 50}}",
    { count: { range: "1-5", cpu_percentage: 50 } },
  ],
  [
    "count maps are merged",
    "B",
    "count: {range: 1-5, cpu_percentage: 50}",
    "{count: {memory_percentage: 60}}",
    { count: { range: "1-5", cpu_percentage: 50, memory_percentage: 60 } },
  ],
  [
    "a metric's map drops its number",
    "B",
    "count: {range: 1-5, cpu_percentage: 50}",
    "{count: {cpu_percentage: {value: 60}}}",
    { count: { range: "1-5", cpu_percentage: { value: 60 } } },
  ],
  [
    "a range map drops the text",
    "B",
    "count: {range: 1-5, cpu_percentage: 50}",
    "{count: {range: {min: 1, max: 2}}}",
    { count: { range: { min: 1, max: 2 }, cpu_percentage: 50 } },
  ],
  [
    "EFS as a map drops the flag",
    "B",
    "storage: {volumes: {v: {path: /a, efs: true}}}",
    "{storage: {volumes: {v: {efs: {id: f}}}}}",
    { storage: { volumes: { v: { path: "/a", efs: { id: "f" } } } } },
  ],
  [
    "an EFS owner drops the file system",
    "B",
    "storage: {volumes: {v: {path: /a, efs: {id: f, root_dir: /b}}}}",
    "{storage: {volumes: {v: {efs: {uid: 5, gid: 5}}}}}",
    { storage: { volumes: { v: { path: "/a", efs: { uid: 5, gid: 5 } } } } },
  ],
  [
    "an EFS file system drops the owner",
    "B",
    "storage: {volumes: {v: {path: /a, efs: {uid: 5, gid: 5}}}}",
    "{storage: {volumes: {v: {efs: {id: f}}}}}",
    { storage: { volumes: { v: { path: "/a", efs: { id: "f" } } } } },
  ],
  [
    "topics are a list, and replaced",
    "W",
    "subscribe: {topics: [{name: a, service: bb, queue: true}]}",
    "{subscribe: {topics: [{name: a, service: bb, queue: {delay: 1s}}]}}",
    { subscribe: { topics: [{ name: "a", service: "bb", queue: { delay: "1s" } }] } },
  ],
  ["http: false drops the rules", "L", "http: {path: /}", "{http: false, nlb: {port: 80}}", { http: false, nlb: { port: 80 } }],
  ["http as a map drops the flag", "L", "http: false", "{http: {path: /}}", { http: { path: "/" } }],
  ["site files are replaced", "S", "files: [{source: a, exclude: x}]", "{files: [{source: b}]}", { files: [{ source: "b" }] }],
  ["tags of App Runner are merged", "R", "tags: {a: 1}", "{tags: {b: 2}}", { tags: { a: 1, b: 2 } }],
];

describe("an override of an environment", () => {
  for (const [name, type, base, prod, expected] of cases)
    test(name, () => {
      expect(resolve(type, { base, prod })).toMatchObject({ ...(expected as object) });
      const [field] = Object.keys(expected as object);
      expect((resolve(type, { base, prod }) as Record<string, unknown>)[field ?? ""]).toEqual(
        (expected as Record<string, unknown>)[field ?? ""],
      );
    });

  test("giving both ways to get an image is refused", () => {
    expect(() => resolve("B", { prod: "{image: {build: a, location: b}}" })).toThrow("exclude each other");
  });

  test("cannot change the name or the type", () => {
    expect(() => resolve("B", { prod: "{name: other}" })).toThrow("There is no field `name` in `environments.prod`");
  });
});

describe("extends", () => {
  const files: Readonly<Record<string, string>> = {
    "copilot/shared/base.yml": "cpu: 512\nvariables: {A: 1, B: 2}\nimage: {build: a}\nenvironments:\n  prod: {cpu: 2048}\n",
    "copilot/shared/circle.yml": "extends: circle.yml\n",
  };
  const load = (text: string, environment = "test") =>
    resolveWorkload({
      file: "copilot/api/manifest.yml",
      text,
      application: "app",
      environment,
      variables: {},
      readText: (path) => files[path],
    });

  test("lays a manifest on another by the rules of overrides", () => {
    const result = load("name: api\ntype: Worker Service\nextends: ../shared/base.yml\nimage: {location: b}\nvariables: {B: 3}\n");
    expect(result.ok && parse(renderTree(result.value.resolved))).toEqual({
      name: "api",
      type: "Worker Service",
      cpu: 512,
      variables: { A: 1, B: 3 },
      image: { location: "b" },
    });
  });

  test("takes over the overrides too", () => {
    const result = load("name: api\ntype: Worker Service\nextends: ../shared/base.yml\n", "prod");
    expect(result.ok && result.value.spec.task?.cpu).toBe(2048);
  });

  test("refuses a file that is not there, at its place", () => {
    const result = load("name: api\ntype: Worker Service\nextends: nowhere.yml\nimage: {build: a}\n");
    expect(result.ok ? [] : result.diagnostics).toMatchObject([{ code: "invalid-extends", at: { line: 3, column: 10 } }]);
  });

  test("refuses a circle, in the file where it closes", () => {
    const result = load("name: api\ntype: Worker Service\nextends: ../shared/circle.yml\nimage: {build: a}\n");
    expect(result.ok ? [] : result.diagnostics).toMatchObject([
      { code: "invalid-extends", at: { file: "copilot/shared/circle.yml", line: 1 } },
    ]);
  });
});
