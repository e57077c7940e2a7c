import { strictEither } from "../../manifest/schema/alternatives.ts";
import { expected, optional } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { choice, flag, integer, text } from "../../manifest/schema/scalars.ts";
import type { Findings } from "../../manifest/rules.ts";
import { defineWorkload } from "../define.ts";
import type { Capabilities } from "../define.ts";
import { httpHealthCheck, toThresholds } from "../fields/http.ts";
import { requestDrivenImage, requireOneSource, toImageSource } from "../fields/image.ts";
import { requestDrivenNetwork, toPlacement } from "../fields/network.ts";
import { toTracing } from "../fields/observability.ts";
import { checkPlatform, platform } from "../fields/platform.ts";
import { publish, toTopics } from "../fields/publish.ts";
import { splitShellWords } from "../fields/shell-words.ts";
import { identityFields } from "../fields/task.ts";
import { given, labels, secrets, toSecrets, toVariables, variables } from "../fields/values.ts";

const schema = record({
  ...identityFields("Request-Driven Web Service"),
  image: expected(requestDrivenImage, "The container's image, with the port on which it listens."),
  http: optional(
    record({
      healthcheck: optional(httpHealthCheck, "How it is told that the service is well: a path, or a map."),
      alias: optional(text({ noun: "a host name" }), "Host name of the service."),
      private: optional(
        strictEither(flag(), record({ endpoint: optional(text(), "VPC endpoint that exists.", { docker: "notice" }) })),
        "Only the environment's network reaches the service: `true`, or a map.",
        { documentedDefault: false },
      ),
    }),
    "Requests from the internet.",
  ),
  command: optional(text({ noun: "a command" }), "Replaces the image's command."),
  cpu: optional(integer(), "CPU units of an instance; 1024 are one processor.", { documentedDefault: 1024 }),
  memory: optional(integer(), "Memory of an instance in MiB.", { documentedDefault: 2048 }),
  platform: optional(platform, "Operating system and processor; only what is there by default runs, so leave it out.", {
    docker: "notice",
  }),
  count: optional(text(), "Auto scaling configuration by name, or as `name/revision/id`.", { docker: "notice" }),
  variables: optional(variables, "Environment variables."),
  secrets: optional(secrets, "Secrets by the variable that receives each."),
  tags: optional(labels, "Tags of the service.", { docker: "notice" }),
  publish: optional(publish, "Topics that the service publishes to."),
  network: optional(requestDrivenNetwork, "Reaches the environment's network.", { docker: "notice" }),
  observability: optional(
    record({ tracing: optional(choice(["awsxray"], { ignoreCase: true }), "Collects traces: `awsxray`.", { docker: "notice" }) }),
    "What is recorded of requests.",
  ),
});

type Manifest = Infer<typeof schema>;

function checkService(manifest: Manifest, findings: Findings): void {
  if (manifest.image !== undefined) {
    requireOneSource(manifest.image, ["image"], findings);
    if (manifest.image.port === undefined) findings.error(["image", "port"], "`image.port` is missing: a web service listens on a port.");
  }
  checkPlatform(manifest.platform, findings);
  if (manifest.platform !== undefined)
    findings.error(["platform"], "App Runner runs linux on x86_64 and nothing else, and never took a `platform`.", "Leave `platform` out.");
  if (manifest.network?.vpc?.placement === "public")
    findings.error(
      ["network", "vpc", "placement"],
      "A Request-Driven Web Service is public by itself: `placement` is `private`, or a map with subnets.",
      "Leave `placement` out.",
    );
}

function toCapabilities(manifest: Manifest, name: string): Capabilities {
  const port = manifest.image?.port ?? 80;
  const command = manifest.command;
  return {
    task: {
      containers: [
        {
          name,
          image: toImageSource(manifest.image ?? {}, manifest.image?.credentials),
          essential: true,
          ownPort: port,
          ports: [{ port, protocol: "tcp" }],
          ...given("command", command === undefined ? undefined : (splitShellWords(command) ?? [command])),
          variables: toVariables(manifest.variables),
          secrets: toSecrets(manifest.secrets),
          dependsOn: {},
          mountPoints: [],
          labels: {},
        },
      ],
      cpu: manifest.cpu ?? 1024,
      memory: manifest.memory ?? 2048,
      readonlyRootFilesystem: false,
      volumes: [],
      exec: false,
      logRetentionDays: 30,
      taskDefinitionOverrides: [],
    },
    count: { kind: "fixed", tasks: 1 },
    discoveryPort: port,
    network: toPlacement(manifest.network),
    publishes: toTopics(manifest.publish),
    ...given("tracing", toTracing(manifest.observability)),
    requestDriven: toRequestDriven(manifest, port),
  };
}

function toRequestDriven(manifest: Manifest, port: number): NonNullable<Capabilities["requestDriven"]> {
  const { healthcheck, alias, private: visibility } = manifest.http ?? {};
  const check = typeof healthcheck === "string" ? { path: healthcheck } : (healthcheck ?? {});
  return {
    port,
    ...given("startCommand", manifest.command),
    ...given("alias", alias),
    healthCheck: { ...given("path", check.path), ...toThresholds(check) },
    private: typeof visibility === "object" ? { endpoint: visibility.endpoint ?? "" } : (visibility ?? false),
    ...given("scalingConfiguration", manifest.count),
    tags: manifest.tags ?? {},
  };
}

/** A service that answers requests and scales with them. */
export const requestDrivenWebService = defineWorkload({
  type: "Request-Driven Web Service",
  summary: "A service that answers requests from the internet and scales with them.",
  schema,
  rules: [checkService],
  toCapabilities,
});
