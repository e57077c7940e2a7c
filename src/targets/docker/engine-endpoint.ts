import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The engine that the `docker` command talks to. */
export interface EngineEndpoint {
  /** E.g. `unix:///var/run/docker.sock` or `ssh://me@host`. */
  readonly host: string;
  /** Whether a port that the engine publishes on its loopback can be reached on ours. */
  readonly local: boolean;
}

/** Where the `docker` command's settings are read from. */
export interface EndpointSurroundings {
  readonly variables: NodeJS.ProcessEnv;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

const readJson = async (file: string): Promise<unknown> => {
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    return value;
  } catch {
    return undefined;
  }
};

const at = (value: unknown, ...path: readonly string[]): string | undefined => {
  let current: unknown = value;
  for (const key of path)
    current = typeof current === "object" && current !== null ? Object.getOwnPropertyDescriptor(current, key)?.value : undefined;
  return typeof current === "string" && current !== "" ? current : undefined;
};

/** A host as `docker` takes it; published ports are ours when it is a socket or pipe of this machine, or a loopback address. */
export function toEndpoint(host: string): EngineEndpoint {
  const local = /^(unix|npipe):/.test(host) || /^(tcp|https?):\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/.test(host);
  return { host, local };
}

/**
 * The engine that `docker` would use, found without running it: `DOCKER_HOST`, then `DOCKER_CONTEXT`, then the current context
 * of the command's settings, then the machine's own socket. The names of contexts' folders are those of the docker command.
 */
export async function readEngineEndpoint({ variables, home, platform }: EndpointSurroundings): Promise<EngineEndpoint> {
  const own = toEndpoint(platform === "win32" ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock");
  const given = variables["DOCKER_HOST"];
  if (given !== undefined && given !== "") return toEndpoint(given);
  const settings = variables["DOCKER_CONFIG"] ?? join(home, ".docker");
  const context = variables["DOCKER_CONTEXT"] ?? at(await readJson(join(settings, "config.json")), "currentContext");
  if (context === undefined || context === "" || context === "default") return own;
  const folder = createHash("sha256").update(context).digest("hex");
  const host = at(await readJson(join(settings, "contexts/meta", folder, "meta.json")), "Endpoints", "docker", "Host");
  return host === undefined ? own : toEndpoint(host);
}

/** The socket as the engine's own host has it, for mounting into the control plane. Engines in a virtual machine have it at the usual place. */
export function engineSocket(endpoint: EngineEndpoint, platform: NodeJS.Platform, operatingSystem: string): string {
  const path = /^unix:\/\/(\/.+)$/.exec(endpoint.host)?.[1];
  return platform === "linux" && path !== undefined && !operatingSystem.includes("Docker Desktop") ? path : "/var/run/docker.sock";
}
