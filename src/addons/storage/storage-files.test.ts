import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { isJsonObject, type Json, type JsonObject } from "../../targets/aws/cloudformation/json.ts";
import { readTemplate } from "../../targets/aws/cloudformation/read.ts";
import { loadAddons } from "../load-addons.ts";
import { storageFiles } from "./storage-files.ts";
import type { ClusterRequest, StorageRequest, TableRequest } from "./storage-request.ts";
import { storageUse } from "./storage-use.ts";

const golden = resolve(import.meta.dirname, "../../../../shared/golden/addons/storage");
if (!existsSync(golden)) process.stderr.write(`skipped: no golden storage templates at ${golden}\n`);

const TABLE: TableRequest = {
  kind: "dynamodb",
  partitionKey: { name: "primary", type: "S" },
  sortKey: { name: "sort", type: "N" },
  localIndexes: [{ name: "othersort", type: "B" }],
};
const CLUSTER: ClusterRequest = { kind: "aurora", engine: "MySQL", version: "v2", initialDatabase: "main", environments: ["test"] };
const API = { name: "api", type: "Backend Service" } as const;
const WEB = { name: "web", type: "Request-Driven Web Service" } as const;

const request = (changes: Partial<StorageRequest> & Pick<StorageRequest, "storage">): StorageRequest => ({
  name: "store",
  lifecycle: "workload",
  workload: API,
  ...changes,
});

/** Descriptions and the like are said in our own words. */
function withoutWords(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withoutWords(item));
  if (!isJsonObject(value)) return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) =>
      entry === undefined || key === "aws:copilot:description" ? [] : [[key, withoutWords(entry)]],
    ),
  );
}

function silent(section: Json | undefined): Json {
  if (section === undefined || !isJsonObject(section)) return {};
  return Object.fromEntries(
    Object.entries(section).map(([name, entry]) => [name, isJsonObject(entry) ? { ...entry, Description: null } : null]),
  );
}

const comparable = (template: JsonObject): Json =>
  withoutWords({ ...template, Parameters: silent(template["Parameters"]), Outputs: silent(template["Outputs"]) });

describe.skipIf(!existsSync(golden))("golden storage templates", () => {
  it.each([
    ["bucket", request({ name: "bucket", storage: { kind: "s3" } })],
    ["ddb", request({ name: "ddb", storage: TABLE })],
    ["aurora", request({ name: "aurora", storage: CLUSTER })],
  ])("%s", (name, wanted) => {
    const [file] = storageFiles(wanted);
    // The engine's version is that of the last release; the golden one can no longer be made.
    const expected = readFileSync(join(golden, `${name}.yml`), "utf8").replace("8.0.mysql_aurora.3.02.0", "8.0.mysql_aurora.3.06.0");
    expect(comparable(readTemplate(file?.content ?? "", "ours"))).toEqual(comparable(readTemplate(expected, "golden")));
  });
});

const paths = (wanted: StorageRequest) => storageFiles(wanted).map(({ path }) => path);

const parametersOf = (wanted: StorageRequest) =>
  storageFiles(wanted)
    .filter(({ kind }) => kind === "parameters")
    .map(({ content }) => ({ name: "addons.parameters.yml", path: "", content }));

const outputsOf = (wanted: StorageRequest) => {
  const [file] = storageFiles(wanted);
  const addons = loadAddons("workload", [{ name: "a.yml", path: "a.yml", content: file?.content ?? "" }, ...parametersOf(wanted)]);
  return addons.ok ? addons.value?.outputs.map(({ kind }) => kind) : addons.diagnostics;
};

describe("storageFiles", () => {
  it.each([
    ["workload", API, false, ["api/addons/store.yml"]],
    ["environment", API, false, ["environments/addons/store.yml", "api/addons/store-access-policy.yml"]],
    ["environment", { name: "api", type: undefined }, false, ["environments/addons/store.yml"]],
    ["environment", API, true, ["api/addons/store-access-policy.yml"]],
  ] as const)("of buckets and tables with lifecycle %s for %j (access only: %s)", (lifecycle, workload, isAccessOnly, expected) => {
    for (const storage of [{ kind: "s3" } as const, TABLE])
      expect(paths(request({ storage, lifecycle, workload, isAccessOnly }))).toEqual(expected);
  });

  const environment = ["environments/addons/store.yml", "environments/addons/addons.parameters.yml"];
  it.each([
    ["workload", API, false, ["api/addons/store.yml"]],
    ["workload", WEB, false, ["web/addons/store.yml", "web/addons/addons.parameters.yml"]],
    ["environment", API, false, environment],
    ["environment", WEB, false, [...environment, "web/addons/store-ingress.yml", "web/addons/addons.parameters.yml"]],
    ["environment", API, true, []],
    ["environment", WEB, true, ["web/addons/store-ingress.yml", "web/addons/addons.parameters.yml"]],
  ] as const)("of clusters with lifecycle %s for %j (access only: %s)", (lifecycle, workload, isAccessOnly, expected) => {
    expect(paths(request({ storage: CLUSTER, lifecycle, workload, isAccessOnly }))).toEqual(expected);
  });

  const storages = [
    { kind: "s3" } as const,
    TABLE,
    { ...TABLE, localIndexes: [] },
    ...(["MySQL", "PostgreSQL"] as const).flatMap((engine) =>
      (["v1", "v2"] as const).map((version): ClusterRequest => ({ ...CLUSTER, engine, version })),
    ),
    { ...CLUSTER, parameterGroup: "mine" },
  ];

  it.each(storages)("makes addons that load, of %j", (storage) => {
    for (const lifecycle of ["workload", "environment"] as const) {
      for (const workload of [API, WEB]) {
        const files = storageFiles(request({ storage, lifecycle, workload }));
        for (const [owner, folder] of [
          ["workload", `${workload.name}/`],
          ["environment", "environments/"],
        ] as const) {
          const own = files
            .filter(({ path }) => path.startsWith(folder))
            .map(({ path, content }) => ({ name: path.split("/").at(-1) ?? "", path, content }));
          expect(loadAddons(owner, own), `${lifecycle} ${workload.type}`).toMatchObject({ ok: true });
        }
      }
    }
  });

  it("gives a workload its secret, policy and security group", () => {
    expect(outputsOf(request({ storage: { kind: "s3" } }))).toEqual(["value", "managed-policy"]);
    expect(outputsOf(request({ storage: TABLE }))).toEqual(["value", "managed-policy"]);
    expect(outputsOf(request({ storage: CLUSTER }))).toEqual(["secret", "security-group"]);
    expect(outputsOf(request({ storage: CLUSTER, workload: WEB }))).toEqual(["managed-policy", "secret"]);
  });

  it("has comments where a person may want to change something", () => {
    const content = storageFiles(request({ storage: CLUSTER }))[0]?.content ?? "";
    expect(content).toContain("# Capacity by environment: from 0.5 to 128.\n  storeEnvScalingConfigurationMap:");
    expect(content).toContain('# Put "!Ref Env" in the place of "All"');
  });
});

describe("storageUse", () => {
  it.each([
    [request({ storage: { kind: "s3" }, name: "mybucket" }), "MYBUCKET_NAME"],
    [request({ storage: TABLE, name: "usersTable" }), "USERS_TABLE_NAME"],
    [request({ storage: { kind: "s3" }, lifecycle: "environment" }), "STORE_NAME_BUCKET_NAME"],
    [request({ storage: CLUSTER }), "STORE_SECRET"],
    [request({ storage: CLUSTER, workload: WEB }), "STORE_SECRET_ARN"],
    [request({ storage: CLUSTER, lifecycle: "environment" }), "DB_SECRET"],
  ])("of %j", (wanted, variable) => {
    expect(storageUse(wanted).variable).toBe(variable);
  });

  it("tells what a manifest needs for a database of the environment", () => {
    expect(storageUse(request({ storage: CLUSTER, lifecycle: "environment" })).manifest).toEqual({
      network: { vpc: { security_groups: [{ from_cfn: "${COPILOT_APPLICATION_NAME}-${COPILOT_ENVIRONMENT_NAME}-storeSecurityGroup" }] } },
      secrets: { DB_SECRET: { from_cfn: "${COPILOT_APPLICATION_NAME}-${COPILOT_ENVIRONMENT_NAME}-storeAuroraSecret" } },
    });
  });
});
