import type { ContainerHealthCheck } from "../model/workload-spec.ts";
import type { WorkloadType } from "../model/names.ts";
import { manifestHeader, yamlScalar } from "../manifest/yaml-text.ts";

/** A topic to subscribe to; a name that ends in `.fifo` asks for a queue in order. */
export interface ScaffoldTopic {
  readonly service: string;
  readonly name: string;
}

/** What a new manifest says. What is left out is left to the defaults. */
export interface ScaffoldInput {
  readonly name: string;
  readonly type: WorkloadType;
  /** Everything but a Static Site has one. */
  readonly image?: { readonly dockerfile: string } | { readonly location: string };
  readonly port?: number;
  /** Path of the rule of a Load Balanced Web Service; `/` unless given. */
  readonly path?: string;
  readonly healthCheck?: ContainerHealthCheck;
  readonly schedule?: string;
  readonly retries?: number;
  readonly timeout?: string;
  /** Left out where it is linux on x86_64. */
  readonly platform?: string;
  readonly topics?: readonly ScaffoldTopic[];
  /** Files and folders of a Static Site. */
  readonly sources?: readonly { readonly path: string; readonly recursive: boolean }[];
  /** Environments whose tasks have to be placed privately. */
  readonly privateEnvironments?: readonly string[];
  /** Who reaches a Request-Driven Web Service. */
  readonly ingress?: "Environment" | "Internet";
}

const kinds: Readonly<Record<WorkloadType, string>> = {
  "Load Balanced Web Service": "load-balanced-web-service",
  "Request-Driven Web Service": "request-driven-web-service",
  "Backend Service": "backend-service",
  "Worker Service": "worker-service",
  "Static Site": "static-site",
  "Scheduled Job": "scheduled-job",
};

/** The word for a workload type in the names of files: `load-balanced-web-service`. */
export const manifestKind = (type: WorkloadType): string => kinds[type];

/** A commented manifest for a new workload. */
export function scaffoldManifest(input: ScaffoldInput): string {
  const kind = manifestKind(input.type);
  const sections = [
    manifestHeader(kind),
    ["# Names the workload everywhere, and is the name of this file's folder.", `name: ${input.name}`, `type: ${input.type}`],
    ...body(input),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join("\n"))
    .join("\n\n")}\n`;
}

type Section = readonly string[];

function body(input: ScaffoldInput): readonly Section[] {
  switch (input.type) {
    case "Load Balanced Web Service":
      return [httpSection(input), imageSection(input), taskSection(input), connectSection(input, true), ...endSections(input)];
    case "Backend Service":
      return [imageSection(input), taskSection(input), connectSection(input, input.port !== undefined), ...endSections(input)];
    case "Worker Service":
      return [imageSection(input), taskSection(input), subscribeSection(input.topics ?? []), ...endSections(input)];
    case "Scheduled Job":
      return [jobSection(input), imageSection(input), taskSection(input), ...endSections(input)];
    case "Request-Driven Web Service":
      return [imageSection(input), requestDrivenSection(input), ...endSections(input)];
    default:
      return [filesSection(input.sources ?? [])];
  }
}

const isWindows = ({ platform }: ScaffoldInput): boolean => platform?.startsWith("windows") === true;

function httpSection({ path = "/", port }: ScaffoldInput): Section {
  return [
    "# Requests whose path starts with this one reach the service; the longest path wins.",
    "http:",
    ...(port === 50_051 ? ["  version: gRPC"] : []),
    `  path: ${JSON.stringify(path)}`,
    "  # Asked until it answers 200, before a task receives requests.",
    "  # healthcheck: '/'",
  ];
}

function imageSection({ type, image, port, healthCheck }: ScaffoldInput): Section {
  if (image === undefined) return [];
  return [
    "image:",
    ...("dockerfile" in image
      ? [
          "  # Built from this Dockerfile, its folder being the context. A map says more: context, target, args.",
          `  build: ${yamlScalar(image.dockerfile)}`,
        ]
      : [`  location: ${yamlScalar(image.location)}`]),
    ...(port === undefined ? [] : ["  # The port on which the container listens.", `  port: ${port}`]),
    // This type is only asked over HTTP, and its manifest has no place for a container's own check.
    ...(healthCheck === undefined || type === "Request-Driven Web Service" ? [] : healthCheckLines(healthCheck)),
  ];
}

const healthCheckLines = (check: ContainerHealthCheck): Section => [
  "  # Ends 0 while the container is well.",
  "  healthcheck:",
  `    command: ${JSON.stringify(check.command)}`,
  `    interval: ${check.interval}s`,
  `    retries: ${check.retries}`,
  `    timeout: ${check.timeout}s`,
  `    start_period: ${check.startPeriod}s`,
];

function taskSection(input: ScaffoldInput): Section {
  const windows = isWindows(input);
  const job = input.type === "Scheduled Job";
  return [
    `cpu: ${windows ? 1024 : 256} # 1024 are one processor.`,
    `memory: ${windows ? 2048 : 512} # MiB.`,
    ...(input.platform === undefined ? [] : [`platform: ${input.platform}`]),
    ...(job ? [] : ["count: 1 # Tasks; a map scales them."]),
    ...(job || windows ? [] : ["exec: true # Lets `copilot svc exec` in."]),
  ];
}

const connectSection = (input: ScaffoldInput, reachable: boolean): Section =>
  reachable && !isWindows(input) ? ["network:", `  connect: true # Other services reach this one as http://${input.name}.`] : [];

function subscribeSection(topics: readonly ScaffoldTopic[]): Section {
  if (topics.length === 0)
    return [
      "# Topics of other services, received through the queue in COPILOT_QUEUE_URI.",
      "# subscribe:",
      "#   topics:",
      "#     - name: orders",
      "#       service: api",
    ];
  const fifo = topics.some(({ name }) => name.endsWith(".fifo"));
  return [
    "# Received through the queue in COPILOT_QUEUE_URI.",
    "subscribe:",
    "  topics:",
    ...topics.flatMap(({ name, service }) => [
      `    - name: ${yamlScalar(name.replace(/\.fifo$/, ""))}`,
      `      service: ${yamlScalar(service)}`,
      ...(fifo && !name.endsWith(".fifo") ? ["      queue: true"] : []),
    ]),
    ...(fifo ? ["  queue:", "    fifo: true"] : []),
  ];
}

const jobSection = ({ schedule = "@daily", retries, timeout }: ScaffoldInput): Section => [
  "on:",
  "  # Cron in UTC, `@every 10m`, `@daily` and the like, `rate(…)`, `cron(…)`, or `none`.",
  `  schedule: ${JSON.stringify(schedule)}`,
  ...(retries === undefined || retries === 0 ? [] : [`retries: ${retries} # Times that a failed run is tried again.`]),
  ...(timeout === undefined || timeout === "" ? [] : [`timeout: ${timeout} # Time for one try.`]),
];

function requestDrivenSection({ ingress }: ScaffoldInput): Section {
  const sizes = ["cpu: 1024 # 1024 are one processor.", "memory: 2048 # MiB."];
  if (ingress !== "Environment") return sizes;
  return [
    "# Only the environment's network reaches the service.",
    "http:",
    "  private: true",
    "",
    ...sizes,
    "",
    "network:",
    "  vpc:",
    "    placement: private",
  ];
}

function filesSection(sources: NonNullable<ScaffoldInput["sources"]>): Section {
  if (sources.length === 0)
    return ["# What is published, from the workspace root.", "files:", "  - source: ./", "    exclude:", "      - copilot/"];
  return [
    "# What is published, from the workspace root.",
    "files:",
    ...sources.flatMap(({ path, recursive }) => [`  - source: ${yamlScalar(path)}`, ...(recursive ? ["    recursive: true"] : [])]),
  ];
}

function endSections({ privateEnvironments = [] }: ScaffoldInput): readonly Section[] {
  const placements = privateEnvironments.flatMap((name) => [
    `  ${name}:`,
    "    network:",
    "      vpc:",
    "        placement: private # This environment has private subnets only.",
  ]);
  return [
    ["# variables:", "#   LOG_LEVEL: info"],
    [
      "# Variable, and the name under which `copilot secret init` keeps its value.",
      "# secrets:",
      "#   TOKEN: /copilot/${COPILOT_APPLICATION_NAME}/${COPILOT_ENVIRONMENT_NAME}/secrets/token",
    ],
    placements.length > 0
      ? ["# Any field can be another one in an environment.", "environments:", ...placements]
      : [
          "# Any field can be another one in an environment.",
          "# environments:",
          "#   prod:",
          "#     variables:",
          "#       LOG_LEVEL: warn",
        ],
  ];
}
