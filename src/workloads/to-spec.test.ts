import { describe, expect, test } from "vitest";

import type { WorkloadSpec } from "../model/workload-spec.ts";
import { loadWorkload } from "./load.ts";

function specOf(text: string, environment = "test"): WorkloadSpec {
  const result = loadWorkload({ file: "manifest.yml", text, application: "app", environment, variables: {} });
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join("\n"));
  return result.value;
}

const web = (rest: string): WorkloadSpec => specOf(`name: web\ntype: Load Balanced Web Service\n${rest}`);
const backend = (rest: string): WorkloadSpec => specOf(`name: api\ntype: Backend Service\nimage: {location: x}\n${rest}`);

/** The paths of what is wrong with a Backend Service. */
function complaintsOf(rest: string): readonly (string | undefined)[] {
  const text = `name: api\ntype: Backend Service\nimage: {location: x, port: 80}\n${rest}`;
  const result = loadWorkload({ file: "manifest.yml", text, application: "app", environment: "test", variables: {} });
  return result.ok ? [] : result.diagnostics.map(({ path }) => path);
}

describe("scalars of variables", () => {
  test("keep the text that was written", () => {
    const { task } = backend("variables: {A: True, B: 1.0, C: yes, D: 010, E: 2012-10-17, F: 0x1F, G: 'null', H: }");
    expect(task?.containers[0].variables).toEqual(
      Object.fromEntries(
        Object.entries({ A: "True", B: "1.0", C: "yes", D: "010", E: "2012-10-17", F: "0x1F", G: "null", H: "" }).map(([key, value]) => [
          key,
          { kind: "value", value },
        ]),
      ),
    );
  });
});

describe("defaults", () => {
  test("of a service", () => {
    expect(backend("")).toMatchObject({
      task: { cpu: 256, memory: 512, exec: false, logRetentionDays: 30, readonlyRootFilesystem: false, volumes: [] },
      count: { kind: "fixed", tasks: 1 },
      network: { placement: { kind: "public" }, securityGroups: [], denyDefaultSecurityGroup: false },
      deployment: { rolling: "default", rollbackAlarms: {} },
    });
  });

  test("of a name for Service Connect that is empty", () => {
    expect(web("image: {location: x, port: 80}\nhttp: {path: /}\nnetwork: {connect: {alias: ''}}").connect).toEqual({ enabled: true });
  });

  test("of App Runner", () => {
    expect(specOf("name: rd\ntype: Request-Driven Web Service\nimage: {build: a/Dockerfile, port: 80}")).toMatchObject({
      task: { cpu: 1024, memory: 2048 },
      requestDriven: { port: 80, private: false, healthCheck: {}, tags: {} },
    });
  });

  test("of a container health check, where any of it is given", () => {
    expect(backend("sidecars: {n: {image: y, healthcheck: {retries: 5}}}").task?.containers[1]?.healthCheck).toEqual({
      command: ["CMD-SHELL", "curl -f http://localhost/ || exit 1"],
      interval: 10,
      retries: 5,
      timeout: 5,
      startPeriod: 0,
    });
    expect(backend("sidecars: {n: {image: y}}").task?.containers[1]?.healthCheck).toBeUndefined();
  });
});

describe("how an image is built", () => {
  test.each([
    ["a/b/Dockerfile", { dockerfile: "a/b/Dockerfile", context: "a/b" }],
    ["Dockerfile", { dockerfile: "Dockerfile", context: "." }],
    ["{context: a}", { dockerfile: "a/Dockerfile", context: "a" }],
    ["{context: ., dockerfile: ./a/D}", { dockerfile: "a/D", context: "." }],
    ["{target: t}", { dockerfile: "Dockerfile", context: "." }],
  ])("%s", (build, expected) => {
    const spec = specOf(`name: api\ntype: Backend Service\nimage: {build: ${build}}`);
    expect(spec.task?.containers[0].image).toMatchObject({ kind: "build", build: expected });
  });
});

describe("where requests go", () => {
  const sidecar = "image: {location: x, port: 4000}\nsidecars: {nginx: {image: y, port: 8080}}\n";
  test.each([
    ["the main container by default", "{path: /}", ["web", 4000]],
    ["a named container at its own port", "{path: /, target_container: nginx}", ["nginx", 8080]],
    ["the container that has the port", "{path: /, target_port: 8080}", ["nginx", 8080]],
    ["the main container for a port of nobody", "{path: /, target_port: 9000}", ["web", 9000]],
    ["both as named", "{path: /, target_container: nginx, target_port: 9000}", ["nginx", 9000]],
    ["by the former spelling", "{path: /, targetContainer: nginx}", ["nginx", 8080]],
  ])("%s", (_name, http, [container, port]) => {
    expect(web(`${sidecar}http: ${http}`).http?.rules[0]).toMatchObject({ targetContainer: container, targetPort: port });
  });

  test("every port that something reaches is open, ascending", () => {
    const spec = web(
      `${sidecar}http: {path: /, target_port: 9000, additional_rules: [{path: a, target_container: nginx, target_port: 81}]}\nnlb: {port: 53/udp, healthcheck: {port: 4000}}`,
    );
    expect(
      spec.task?.containers.map(({ name, ports, ownPort }) => [name, ownPort, ports.map(({ port, protocol }) => `${port}/${protocol}`)]),
    ).toEqual([
      ["web", 4000, ["53/udp", "4000/tcp", "9000/tcp"]],
      ["nginx", 8080, ["81/tcp", "8080/tcp"]],
    ]);
  });

  test.each([
    ["80", ["web", 80, "tcp"]],
    ["443/tls, target_port: 8080", ["nginx", 8080, "tls"]],
    ["81/TCP, target_container: nginx", ["nginx", 8080, "tcp"]],
    ["81, target_container: web", ["web", 81, "tcp"]],
  ])("a network listener on %s", (port, [container, target, protocol]) => {
    const spec = web(`${sidecar}http: false\nnlb: {port: ${port}}`);
    expect(spec.nlb?.listeners[0]).toMatchObject({ targetContainer: container, targetPort: target, protocol });
  });

  test("the grace period is that of the load balancer which gives it", () => {
    expect(web("image: {location: x, port: 80}\nhttp: {path: /}").http?.gracePeriod).toBe(60);
    const both = web("image: {location: x, port: 80}\nhttp: {path: /}\nnlb: {port: 81, healthcheck: {grace_period: 5s}}");
    expect([both.http?.gracePeriod, both.nlb?.gracePeriod]).toEqual([undefined, 5]);
  });
});

describe("volumes", () => {
  test("are scratch, managed or a file system that exists, by name", () => {
    const { task } = backend(
      "storage: {volumes: {c: {path: /c, efs: {id: fs-1}}, a: {path: /a}, b: {path: /b, efs: true, read_only: false}}}",
    );
    expect(task?.volumes).toMatchObject([
      { kind: "scratch", name: "a" },
      { kind: "managed", name: "b" },
      { kind: "efs", name: "c", id: { kind: "value", value: "fs-1" }, rootDirectory: "/" },
    ]);
    expect(task?.containers[0].mountPoints).toEqual([
      { volume: "a", path: "/a", readOnly: true },
      { volume: "b", path: "/b", readOnly: false },
      { volume: "c", path: "/c", readOnly: true },
    ]);
  });

  test("a managed one belongs to a user made from the workload's name", () => {
    const owner = (rest: string) => backend(`storage: {volumes: {b: {path: /b, efs: ${rest}}}}`).task?.volumes[0];
    // CRC-32 (IEEE) of `api`.
    expect(owner("true")).toMatchObject({ uid: 2_902_841_359, gid: 2_902_841_359 });
    expect(owner("{uid: 5, gid: 6}")).toMatchObject({ uid: 5, gid: 6 });
  });
});

describe("platforms are written as ECS does", () => {
  test.each([
    ["linux/amd64", { osFamily: "LINUX", architecture: "X86_64" }],
    ["Linux/ARM", { osFamily: "LINUX", architecture: "ARM64" }],
    ["windows/x86_64", { osFamily: "WINDOWS_SERVER_2019_CORE", architecture: "X86_64" }],
    ["{osfamily: windows_server_2022_full, architecture: amd64}", { osFamily: "WINDOWS_SERVER_2022_FULL", architecture: "X86_64" }],
  ])("%s", (platform, expected) => {
    expect(backend(`platform: ${platform}`).task?.platform).toEqual(expected);
  });
});

describe("schedules", () => {
  test.each([
    ["none", { kind: "none" }],
    ["'@daily'", { kind: "cron", expression: "0 0 * * *" }],
    ["'@every 1h30m'", { kind: "rate", minutes: 90 }],
    ["rate(5 minutes)", { kind: "aws", expression: "rate(5 minutes)" }],
    ["cron(0 9 ? * MON-FRI *)", { kind: "aws", expression: "cron(0 9 ? * MON-FRI *)" }],
    ["'*/5 9-17  * jan,DEC mon-fri'", { kind: "cron", expression: "*/5 9-17 * jan,DEC mon-fri" }],
  ])("%s", (schedule, expected) => {
    const spec = specOf(`name: job\ntype: Scheduled Job\nimage: {location: x}\non: {schedule: ${schedule}}\ntimeout: 1m30s\nretries: 2`);
    expect(spec.job).toMatchObject({ schedule: expected, timeout: 90, retries: 2 });
  });
});

test("a log router is there only where more than the retention is given", () => {
  expect(backend("logging: {retention: 7}").task).toMatchObject({ logRetentionDays: 7 });
  expect(backend("logging: {retention: 7}").task?.logRouter).toBeUndefined();
  expect(backend("logging: {destination: {Name: x}}").task?.logRouter).toMatchObject({ destination: { Name: "x" }, enableMetadata: true });
});

test("commands are split as a shell does", () => {
  expect(backend(`command: 'sh -c "a b" c\\ d ''e f'''`).task?.containers[0].command).toEqual(["sh", "-c", "a b", "c d", "e f"]);
});

test("topics and queues", () => {
  const spec = specOf(
    "name: w1\ntype: Worker Service\nimage: {location: x}\npublish: {topics: [{name: a, fifo: true}]}\nsubscribe: {topics: [{name: b, service: api, queue: true, filter_policy: {a: [1]}}], queue: {retention: 96h, dead_letter: {tries: 3}, fifo: {high_throughput: true}}}",
  );
  expect(spec.publishes).toEqual([{ name: "a", fifo: {} }]);
  expect(spec.subscribes).toEqual({
    queue: { retention: 345_600, deadLetterTries: 3, fifo: { highThroughput: true } },
    topics: [{ service: "api", name: "b", filterPolicy: { a: [1] }, queue: {} }],
  });
});

test("settings of a queue count as soon as there is a list of topics, even an empty one", () => {
  const worker = (subscribe: string) =>
    specOf(`name: w1\ntype: Worker Service\nimage: {location: x}\nsubscribe: ${subscribe}\n`).subscribes;
  expect(worker("{queue: {delay: 30s}}")).toEqual({ queue: {}, topics: [] });
  expect(worker("{topics: [], queue: {delay: 30s}}")).toEqual({ queue: { delay: 30 }, topics: [] });
});

test("a percentage with only a cooldown is refused, and so is what an override leaves without a value", () => {
  expect(complaintsOf("count: {range: 1-3, cpu_percentage: {cooldown: {in: 5s}}}")).toEqual(["count.cpu_percentage.value"]);
  expect(complaintsOf("count: {range: 1-3, requests: {cooldown: {in: 5s}}}\nhttp: {path: /}")).toEqual([]);
  expect(
    complaintsOf("count: {range: 1-3, cpu_percentage: 5}\nenvironments: {test: {count: {cpu_percentage: {cooldown: {in: 5s}}}}}"),
  ).toEqual(["count.cpu_percentage.value"]);
});

test("a sidecar's image has one source, in an override too", () => {
  expect(
    complaintsOf("sidecars: {n: {image: {build: d/Dockerfile}}}\nenvironments: {test: {sidecars: {n: {image: {location: 'x:1'}}}}}"),
  ).toEqual(["sidecars.n.image.location"]);
});
