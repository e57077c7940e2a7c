import { join } from "node:path";
import { parseDuration } from "../model/duration.ts";
import type { ContainerHealthCheck } from "../model/workload-spec.ts";
import type { Files } from "../platform/files.ts";

/** What a Dockerfile says of the container that will run. */
export interface DockerfileFacts {
  /** TCP ports of `EXPOSE`, in the order written. */
  readonly ports: readonly number[];
  /** The last `HEALTHCHECK`, with Docker's defaults filled in; unset for none or `NONE`. */
  readonly healthCheck?: ContainerHealthCheck;
}

/** Reads the last stage of a Dockerfile: the one that is built when no target is named. */
export function readDockerfile(text: string): DockerfileFacts {
  let ports: number[] = [];
  let healthCheck: ContainerHealthCheck | undefined;
  const variables = new Map<string, string>();
  for (const { instruction, rest } of instructions(text)) {
    if (instruction === "FROM") {
      ports = [];
      healthCheck = undefined;
    } else if (instruction === "ARG" || instruction === "ENV") remember(variables, rest);
    else if (instruction === "EXPOSE") ports.push(...toPorts(expand(rest, variables)));
    else if (instruction === "HEALTHCHECK") healthCheck = toHealthCheck(rest);
  }
  return { ports: [...new Set(ports)], ...(healthCheck === undefined ? {} : { healthCheck }) };
}

/** Instructions with continuation lines joined and comments left out. */
function instructions(text: string): readonly { readonly instruction: string; readonly rest: string }[] {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*#/.test(line));
  const joined = lines.join("\n").replaceAll(/\\[ \t]*\n/g, " ");
  return joined.split("\n").flatMap((line) => {
    const match = /^\s*([A-Za-z]+)\s+(.+)$/.exec(line);
    return match?.[1] === undefined || match[2] === undefined ? [] : [{ instruction: match[1].toUpperCase(), rest: match[2].trim() }];
  });
}

function remember(variables: Map<string, string>, rest: string): void {
  for (const [, name, quoted, plain] of rest.matchAll(/([A-Za-z_]\w*)=(?:"([^"]*)"|(\S*))/g))
    if (name !== undefined) variables.set(name, quoted ?? plain ?? "");
}

const expand = (text: string, variables: ReadonlyMap<string, string>): string =>
  text.replaceAll(
    /\$(?:\{([A-Za-z_]\w*)(?::-([^}]*))?\}|([A-Za-z_]\w*))/g,
    (_, braced: string | undefined, preset: string | undefined, bare: string | undefined) => {
      const value = variables.get(braced ?? bare ?? "");
      return value === undefined || value === "" ? (preset ?? "") : value;
    },
  );

function toPorts(text: string): readonly number[] {
  return text.split(/\s+/).flatMap((word) => {
    const [, from, , protocol] = /^(\d+)(-\d+)?(?:\/(tcp|udp))?$/i.exec(word) ?? [];
    const port = Number(from);
    return from === undefined || protocol?.toLowerCase() === "udp" || port < 1 || port > 65_535 ? [] : [port];
  });
}

const seconds = (text: string | undefined, preset: number): number => {
  const milliseconds = text === undefined ? undefined : parseDuration(text);
  return milliseconds === undefined ? preset : Math.round(milliseconds / 1000);
};

function toHealthCheck(rest: string): ContainerHealthCheck | undefined {
  const options = new Map<string, string>();
  const command = rest.replace(/^(?:--[a-z-]+=\S+\s+)+/, (written) => {
    for (const [, name, value] of written.matchAll(/--([a-z-]+)=(\S+)/g))
      if (name !== undefined && value !== undefined) options.set(name, value);
    return "";
  });
  const [, written] = /^CMD\s+(.+)$/i.exec(command) ?? [];
  if (written === undefined) return undefined;
  return {
    command: toCommand(written),
    interval: seconds(options.get("interval"), 30),
    timeout: seconds(options.get("timeout"), 30),
    startPeriod: seconds(options.get("start-period"), 0),
    retries: Number(options.get("retries") ?? 3),
  };
}

function toCommand(written: string): readonly string[] {
  if (written.startsWith("[")) {
    try {
      const words: unknown = JSON.parse(written);
      if (Array.isArray(words) && words.every((word) => typeof word === "string")) return ["CMD", ...words];
    } catch {
      // What is no JSON list is a shell command, as Docker reads it.
    }
  }
  return ["CMD-SHELL", written];
}

const skipped = new Set(["node_modules", "copilot", "vendor", "dist", "target"]);
/** Folders below the workspace root that are searched. */
const depth = 3;

/** Dockerfiles of a workspace, by path from its root; the nearest first. */
export async function findDockerfiles(files: Pick<Files, "list">, root: string): Promise<readonly string[]> {
  const found: string[] = [];
  let level = ["."];
  for (let step = 0; step < depth && level.length > 0; step++) {
    const listings = await Promise.all(level.map(async (folder) => ({ folder, entries: await files.list(join(root, folder)) })));
    for (const { folder, entries } of listings)
      for (const { name, kind } of entries)
        if (kind === "file" && name.includes("Dockerfile") && !name.endsWith(".dockerignore")) found.push(join(folder, name));
    level = listings.flatMap(({ folder, entries }) =>
      entries
        .filter(({ kind, name }) => kind === "folder" && !skipped.has(name) && !name.startsWith("."))
        .map(({ name }) => join(folder, name)),
    );
  }
  return found;
}
