import { strictEither } from "../../manifest/schema/alternatives.ts";
import { dictionary, list } from "../../manifest/schema/collections.ts";
import { optional, required } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { flag, text } from "../../manifest/schema/scalars.ts";
import type { Findings } from "../../manifest/rules.ts";
import type { ContainerSpec } from "../../model/workload-spec.ts";
import { healthCheck, imageSource, requireOneSource, toHealthCheck, toImageSource } from "./image.ts";
import { readPort } from "./ports.ts";
import type { ExposedPorts, PortRequest } from "./ports.ts";
import { volumePath } from "./storage.ts";
import { commandLine, dependsOn, envFile, given, labels, secrets, toSecrets, toVariables, toWords, variables } from "./values.ts";

const mountPoint = record({
  source_volume: required(text({ noun: "the name of a volume", minLength: 1 }), "Volume of `storage.volumes` to mount."),
  path: required(volumePath, "Where the sidecar sees the volume."),
  read_only: optional(flag(), "Whether the sidecar may only read.", { documentedDefault: true }),
});

const sidecarPort = text({
  noun: "a port such as `8080` or `8080/udp`",
  problem: (written) => {
    const read = readPort(written);
    if (read === undefined) return `Expected a port such as \`8080\` or \`8080/udp\`, found \`${written}\`.`;
    return read.protocol === undefined || ["tcp", "udp"].includes(read.protocol)
      ? undefined
      : `The protocol of a port is \`tcp\` or \`udp\`, found \`${read.protocol}\`.`;
  },
});

const sidecar = record({
  port: optional(sidecarPort, "Port on which the container listens, with an optional `/tcp` or `/udp`."),
  image: optional(strictEither(text({ noun: "an image" }), imageSource), "Image that exists, or a map with `build` or `location`."),
  essential: optional(flag(), "Whether the task stops when this container does.", { documentedDefault: true }),
  credentialsParameter: optional(text(), "ARN of the secret with the credentials of a private registry.", { docker: "notice" }),
  variables: optional(variables, "Environment variables."),
  env_file: optional(envFile, "Path of an environment file, from the workspace root."),
  secrets: optional(secrets, "Secrets by the variable that receives each."),
  mount_points: optional(list(mountPoint), "Volumes of the task that the container sees."),
  labels: optional(labels, "Labels of the container."),
  depends_on: optional(dependsOn, "Containers to wait for, each with `start`, `healthy`, `complete` or `success`."),
  healthcheck: optional(healthCheck, "Tells whether the container is well."),
  entrypoint: optional(commandLine, "Replaces the image's entry point."),
  command: optional(commandLine, "Replaces the image's command."),
});

/** Containers beside the main one, by name. */
export const sidecars = dictionary(sidecar, { deep: true, keyNoun: "container", empty: {} });

type Sidecars = Infer<typeof sidecars>;

/** Every sidecar has an image. */
export function checkSidecars(value: Sidecars | undefined, findings: Findings): void {
  for (const [name, entry] of Object.entries(value ?? {})) {
    const at = ["sidecars", name];
    if (entry.image === undefined)
      findings.error(
        [...at, "image"],
        `The sidecar \`${name}\` has no image.`,
        "Add `image:` with an image, or a map with `build` or `location`.",
      );
    else if (typeof entry.image !== "string") requireOneSource(entry.image, [...at, "image"], findings);
  }
}

/** The ports that sidecars name. */
export function sidecarPorts(value: Sidecars | undefined): readonly PortRequest[] {
  return Object.entries(value ?? {}).flatMap(([container, entry]) => {
    const read = entry.port === undefined ? undefined : readPort(entry.port);
    return read === undefined
      ? []
      : [
          {
            container,
            port: read.port,
            protocol: read.protocol === "udp" ? ("udp" as const) : ("tcp" as const),
            own: true,
            at: ["sidecars", container, "port"],
          },
        ];
  });
}

/** The sidecars as containers, by name. */
export function toSidecars(value: Sidecars | undefined, ports: ExposedPorts): readonly ContainerSpec[] {
  return Object.entries(value ?? {})
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, entry]): ContainerSpec => {
      const image = typeof entry.image === "string" ? { location: entry.image } : (entry.image ?? {});
      return {
        name,
        image: toImageSource(image, entry.credentialsParameter),
        essential: entry.essential ?? true,
        ...(entry.essential === undefined ? {} : { essentialStated: true }),
        ...given("ownPort", ports.ownPort(name)?.port),
        ports: ports.all.filter((port) => port.container === name).map(({ port, protocol }) => ({ port, protocol })),
        ...given("entrypoint", entry.entrypoint === undefined ? undefined : toWords(entry.entrypoint)),
        ...given("command", entry.command === undefined ? undefined : toWords(entry.command)),
        variables: toVariables(entry.variables),
        secrets: toSecrets(entry.secrets),
        ...given("envFile", entry.env_file),
        ...given("healthCheck", toHealthCheck(entry.healthcheck)),
        dependsOn: entry.depends_on ?? {},
        mountPoints: (entry.mount_points ?? []).map((mount) => ({
          volume: mount.source_volume,
          path: mount.path,
          readOnly: mount.read_only ?? true,
        })),
        labels: entry.labels ?? {},
      };
    });
}
