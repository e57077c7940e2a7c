import { describe, expect, it } from "vitest";
import type { ContainerSpec, TaskSpec, WorkloadSpec } from "../../../model/workload-spec.ts";
import { sampleContainer, sampleRule, sampleSpec, sampleTask } from "../../../../test/samples/workloads.ts";
import { compileEnvironment } from "./compile-environment.ts";
import { compileWorkload, toDesiredCount } from "./compile-workload.ts";
import { readEnvFile } from "./env-file.ts";
import { compileSchedule } from "./schedule.ts";
import { toSecretName } from "./secret-name.ts";

const container = sampleContainer({
  image: { kind: "build", build: { dockerfile: "Dockerfile", context: ".", args: {}, cacheFrom: [] } },
});

const task = (changes: Partial<TaskSpec> = {}): TaskSpec => sampleTask({ containers: [container], ...changes });

const service = (changes: Partial<WorkloadSpec> = {}): WorkloadSpec => sampleSpec({ task: task(), ...changes });

const rule = sampleRule({ path: "shop" });

const assets = { images: { api: "copilot/shop/api:1" }, envFiles: {} };
const compile = (spec: WorkloadSpec, facts = {}) => compileWorkload(spec, assets, facts);

describe("a workload on Docker", () => {
  it("has the variables that Copilot injects, the env file below the manifest's own", () => {
    const main: ContainerSpec = {
      ...container,
      envFile: "api/.env",
      variables: { LEVEL: { kind: "value", value: "debug" }, FROM: { kind: "from-cfn", exportName: "x" } },
      mountPoints: [
        { volume: "b", path: "/b", readOnly: false },
        { volume: "a", path: "/a", readOnly: true },
      ],
    };
    const document = compileWorkload(
      service({ task: task({ containers: [main] }) }),
      { ...assets, envFiles: { "api/.env": '# c\nLEVEL=info\nQUOTED="x"\n' } },
      {},
    );
    expect(document.task?.containers[0]?.environment).toEqual({
      LEVEL: "debug",
      QUOTED: '"x"',
      COPILOT_APPLICATION_NAME: "shop",
      COPILOT_ENVIRONMENT_NAME: "test",
      COPILOT_SERVICE_NAME: "api",
      COPILOT_SERVICE_DISCOVERY_ENDPOINT: "test.shop.local",
      COPILOT_MOUNT_POINTS: '{"a":"/a","b":"/b"}',
    });
    expect(document.notices).toEqual(["Without meaning on Docker: variables.*.from_cfn (left unset)."]);
  });

  it("names all fields without meaning in one line", () => {
    const document = compile(
      service({
        count: { kind: "autoscaling", min: 2, max: 5, cpu: { value: 70 } },
        tracing: "awsxray",
        network: { placement: { kind: "private" }, securityGroups: [], denyDefaultSecurityGroup: false },
        publishes: [{ name: "orders" }],
      }),
    );
    expect(document.service?.desiredCount).toBe(2);
    expect(document.notices).toEqual([
      "Without meaning on Docker: count.range (runs its minimum, 2), network.vpc.placement, observability.tracing.",
      "Docker has no queues yet: publish.topics orders will carry no messages.",
    ]);
  });

  it("fills a rule with what a load balancer does, and leads to HTTPS only where there is a domain", () => {
    const spec = service({ type: "Load Balanced Web Service", http: { scope: "public", rules: [rule] } });
    const [plain] = compile(spec).http?.rules ?? [];
    expect(plain).toMatchObject({ path: "/shop", redirectToHttps: false, version: "http1" });
    expect(plain?.healthCheck).toEqual({
      path: "/",
      port: 8080,
      successCodes: "200",
      healthyThreshold: 5,
      unhealthyThreshold: 2,
      interval: 30,
      timeout: 5,
      https: false,
    });
    expect(compile(spec, { domain: "example.com" }).http?.rules[0]?.redirectToHttps).toBe(true);
    expect(compile(spec).task?.containers[0]?.environment["COPILOT_LB_DNS"]).toBe("test.shop.localhost");
  });

  it("gives a Request-Driven Web Service a host of its own", () => {
    const document = compile(
      service({
        type: "Request-Driven Web Service",
        requestDriven: { port: 8080, alias: "Web.example.com", healthCheck: {}, private: false, tags: {} },
      }),
    );
    expect(document.http).toMatchObject({ scope: "public", rules: [{ hosts: ["api.test.shop.localhost", "web.example.com"], path: "/" }] });
    expect(document.notices).toEqual(["To reach web.example.com here, let your hosts file say: 127.0.0.1 web.example.com"]);
  });

  it("says how aliases are reached, unless they lead here by themselves or to nobody outside", () => {
    const aliased = (alias: string, type: WorkloadSpec["type"] = "Request-Driven Web Service", isPrivate = false) =>
      compile(service({ type, requestDriven: { port: 80, alias, healthCheck: {}, private: isPrivate, tags: {} } })).notices;
    expect(aliased("a.example.com")).toHaveLength(1);
    expect(aliased("a.localhost")).toEqual([]);
    expect(aliased("*.example.com")).toEqual([]);
    expect(aliased("a.example.com", "Request-Driven Web Service", true)).toEqual([]);
  });

  it("is found by its names when it has a port, and by none without", () => {
    expect(compile(service()).discovery).toBeUndefined();
    expect(compile(service({ discoveryPort: 8080, connect: { enabled: true, alias: "backend" } })).discovery).toEqual({
      names: ["api", "api.test.shop.local", "backend"],
    });
  });

  it("keeps managed and imported file systems, and drops the rest with the task", () => {
    const volumes = compile(
      service({
        task: task({
          volumes: [
            { kind: "scratch", name: "s" },
            { kind: "managed", name: "m", uid: 7, gid: 8 },
            { kind: "efs", name: "e", id: { kind: "value", value: "fs-1" }, rootDirectory: "/data/" },
          ],
        }),
      }),
    ).task?.volumes;
    expect(volumes).toEqual([
      { name: "s", kind: "scratch" },
      { name: "m", kind: "kept", key: "managed-api", uid: 7, gid: 8 },
      { name: "e", kind: "kept", key: "fs-1", directory: "data" },
    ]);
  });

  it("keeps to a stop timeout that a task definition override gives", () => {
    const overrides = [{ path: "ContainerDefinitions[0].StopTimeout", value: 5 }];
    const document = compile(service({ task: task({ taskDefinitionOverrides: overrides }) }));
    expect(document.task?.containers[0]?.stopTimeout).toBe(5);
    expect(document.notices).toEqual([]);
  });

  it("runs a job by its schedule and has no service", () => {
    const document = compile(
      service({
        type: "Scheduled Job",
        job: { schedule: { kind: "rate", minutes: 1 }, scheduleText: "@every 1m", timeout: 60, retries: 2 },
      }),
    );
    expect(document.service).toBeUndefined();
    expect(document.job).toEqual({ schedule: { kind: "rate", minutes: 1 }, timeout: 60, retries: 2 });
  });

  it("serves a site by the archive of its files", () => {
    const { task: _, ...site } = service({ type: "Static Site", site: { files: [], alias: "www.example.com" } });
    const archive = { sha256: "abc", files: 1, archive: async function* () {}, entries: [] };
    expect(compileWorkload(site, { ...assets, site: archive }, {}).site).toEqual({
      artifact: "abc",
      hosts: ["api.test.shop.localhost", "www.example.com"],
    });
  });

  it("runs as many tasks as the count says at least", () => {
    expect([
      toDesiredCount(undefined),
      toDesiredCount({ kind: "fixed", tasks: 0 }),
      toDesiredCount({ kind: "spot", tasks: 3 }),
      toDesiredCount({ kind: "autoscaling", min: 4, max: 9 }),
    ]).toEqual([1, 0, 3, 4]);
  });
});

describe("secrets", () => {
  it.each([
    [{ kind: "name-or-arn", value: "/copilot/shop/test/secrets/DB" }, "DB"],
    [{ kind: "name-or-arn", value: "GH_TOKEN" }, "GH_TOKEN"],
    [{ kind: "name-or-arn", value: "arn:aws:ssm:us-west-2:111122223333:parameter/path/KEY" }, "KEY"],
    [{ kind: "name-or-arn", value: "arn:aws:secretsmanager:us-west-2:111122223333:secret:app/db-AbCd12" }, "db"],
    [{ kind: "name-or-arn", value: "arn:aws:secretsmanager:us-west-2:111122223333:secret:app/db-AbCd12:password::" }, "db.password"],
    [{ kind: "secretsmanager", name: "demo/test/mysql" }, "mysql"],
    [{ kind: "secretsmanager", name: "demo/mysql:username::" }, "mysql.username"],
    [{ kind: "from-cfn", exportName: "stack:Secret" }, "stack-Secret"],
  ] as const)("%j is the environment's %s", (source, name) => {
    expect(toSecretName(source)).toBe(name);
  });
});

describe("schedules", () => {
  it.each([
    ["rate(5 minutes)", { kind: "rate", minutes: 5 }],
    ["rate(1 hour)", { kind: "rate", minutes: 60 }],
    ["rate(2 days)", { kind: "rate", minutes: 2880 }],
    ["cron(0 9 ? * 2-6 *)", { kind: "cron", expression: "0 9 * * 1-5" }],
    ["cron(0 9 ? * 1/2 *)", { kind: "cron", expression: "0 9 * * 0/2" }],
    ["cron(0 9 ? * MON#2 *)", { kind: "cron", expression: "0 9 * * MON#2" }],
    ["cron(0 9 ? * 2#1 *)", { kind: "cron", expression: "0 9 * * 1#1" }],
    ["cron(15 10 L * ? *)", { kind: "cron", expression: "15 10 L * *" }],
  ] as const)("%s", (expression, schedule) => {
    expect(compileSchedule({ kind: "aws", expression })).toEqual({ schedule });
  });

  it("tells which part of an expression is lost", () => {
    expect(compileSchedule({ kind: "aws", expression: "cron(0 9 * * ? 2030)" }).lost).toBe("the year 2030: it runs every year");
  });
});

describe("env files", () => {
  it("keep quotes and inner equals signs, and skip comments and nameless lines", () => {
    expect(readEnvFile("A=1\r\n#B=2\n=3\nnothing\nC=x=y \n")).toEqual({ A: "1", C: "x=y " });
  });
});

describe("an environment on Docker", () => {
  it("names what describes AWS in one line", () => {
    const place = { application: "shop", name: "test" };
    expect(compileEnvironment(place, "name: test\ncdn: {terminate_tls: true}\nnetwork: {vpc: {id: x}}\n").notices).toEqual([
      "Without meaning on Docker: network, cdn.",
    ]);
    expect(compileEnvironment(place, "name: test\ntype: Environment\nhttp:\n").notices).toEqual([]);
  });
});
