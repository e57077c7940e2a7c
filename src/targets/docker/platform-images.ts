import { createHash } from "node:crypto";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Problem } from "../../model/problem.ts";
import { complaint, type DockerCommand } from "./docker-command.ts";
import { findProgram, listImageEntries, packImage, systemFiles, type MachineImageContents } from "./machine-image.ts";

const run = promisify(execFile);

/** An image that the platform itself needs, and how it is had. */
export interface PlatformImage {
  readonly name: "base" | "ingress" | "build";
  /** What a registry has. */
  readonly pulled: string;
  /** What is taken from this machine where no registry answers. */
  readonly programs: readonly string[];
  /** Taken too where this machine has them. */
  readonly optionalPrograms?: readonly string[];
  /** Raised when an image made by an older build no longer does. */
  readonly edition: number;
}

/** Node.js with `sleep`, certificates and git: the control plane, name servers, forwarders and the holders of tasks run from it. */
export const baseImage: PlatformImage = {
  name: "base",
  pulled: "node:22-bookworm",
  programs: ["node", "sleep", "cat", "sh"],
  optionalPrograms: ["git", "git-remote-https", "ssh"],
  edition: 2,
};

/** Caddy. */
export const ingressImage: PlatformImage = { name: "ingress", pulled: "caddy:2", programs: ["caddy"], edition: 1 };

/** The tag under which an engine has the image: equal recipes have equal tags, however the image was had. */
export function platformTag(image: PlatformImage): string {
  return `copilot/platform:${createHash("sha256").update(JSON.stringify(image)).digest("hex").slice(0, 12)}`;
}

/** What getting an image needs to know of its surroundings. */
export interface PlatformImageDependencies {
  readonly docker: DockerCommand;
  /** The PATH that programs are looked for on. */
  readonly path: string;
  /** The Node.js that runs this program. */
  readonly nodeProgram: string;
  /** `linux/x64` and so on, of this machine. */
  readonly machine: { readonly platform: NodeJS.Platform; readonly architecture: string };
  /** Told what is done, once it takes long enough to be told. */
  readonly tell: (what: string) => void;
  /** Milliseconds that a registry has to begin its answer. */
  readonly registryPatience?: number;
}

const certificateBundle = "/etc/ssl/certs/ca-certificates.crt";

/** Takes the image from a registry; says why not when it does not answer in time. */
async function pull(
  image: PlatformImage,
  tag: string,
  { docker, registryPatience = 15_000 }: PlatformImageDependencies,
): Promise<string | undefined> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(new Error("the registry did not answer in time")), registryPatience);
  try {
    const pulled = await docker(["pull", image.pulled], { signal: patience.signal, onLine: () => clearTimeout(timer) });
    if (pulled.code !== 0) return complaint(pulled);
    const tagged = await docker(["tag", image.pulled, tag]);
    return tagged.code === 0 ? undefined : complaint(tagged);
  } catch (error) {
    if (patience.signal.aborted) return "the registry did not answer in time";
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Loads the distribution's package of Caddy; where the package lists are missing or old they are renewed, if root or sudo may. */
async function downloadCaddy(directory: string): Promise<void> {
  const download = () => run("apt-get", ["download", "caddy"], { cwd: directory, timeout: 120_000 });
  try {
    await download();
  } catch {
    const [program = "apt-get", ...args] = process.getuid?.() === 0 ? ["apt-get", "update"] : ["sudo", "-n", "apt-get", "update"];
    await run(program, args, { timeout: 180_000 });
    await download();
  }
}

/** Caddy out of the distribution's package, unpacked into `directory` without installing it; `undefined` where there is none to be had. */
export async function unpackCaddy(directory: string): Promise<string | undefined> {
  try {
    await downloadCaddy(directory);
    const archive = (await readdir(directory)).find((file) => file.endsWith(".deb"));
    if (archive === undefined) return undefined;
    await run("dpkg-deb", ["-x", archive, "unpacked"], { cwd: directory });
    return await findProgram("caddy", join(directory, "unpacked/usr/bin"));
  } catch {
    return undefined;
  }
}

/** Where git keeps the parts of it that are programs of their own. */
const gitFolders = "/usr/lib/git-core:/usr/libexec/git-core";

async function programsOf(image: PlatformImage, dependencies: PlatformImageDependencies, scratch: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const folder = image.name === "build" ? "/usr/bin" : "/usr/local/bin";
  for (const name of image.optionalPrograms ?? []) {
    const program = await findProgram(name, `${dependencies.path}:${gitFolders}`);
    if (program !== undefined) found[`${folder}/${name}`] = program;
  }
  for (const name of image.programs) {
    const program =
      name === "node"
        ? dependencies.nodeProgram
        : ((await findProgram(name, dependencies.path)) ?? (name === "caddy" ? await unpackCaddy(scratch) : undefined));
    if (program === undefined) throw new Error(`this machine has no ${name}`);
    found[name === "sh" ? "/usr/bin/sh" : `${folder}/${name}`] = program;
  }
  return found;
}

/** Why this machine cannot stand in for a registry; `undefined` when it can. */
async function machineProblem({ docker, machine }: PlatformImageDependencies): Promise<string | undefined> {
  if (machine.platform !== "linux") return `an image can only be made from a Linux machine, and this one runs ${machine.platform}`;
  const result = await docker(["version", "--format", "{{.Server.Os}}/{{.Server.Arch}}"]);
  const own = `linux/${({ x64: "amd64", arm64: "arm64", arm: "arm" } as Record<string, string>)[machine.architecture] ?? machine.architecture}`;
  const engine = result.stdout.trim();
  return engine === own ? undefined : `this machine's programs are for ${own} and the engine runs ${engine}`;
}

/** Imports an image that holds this machine's programs and their libraries. */
async function make(image: PlatformImage, tag: string, dependencies: PlatformImageDependencies): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "copilot-image-"));
  try {
    const contents: MachineImageContents = {
      programs: await programsOf(image, dependencies, scratch),
      files: [certificateBundle],
      texts: systemFiles,
    };
    await importMachineImage(dependencies.docker, contents, tag);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Makes an image of this machine's programs and files and gives it the tag. */
export async function importMachineImage(docker: DockerCommand, contents: MachineImageContents, tag: string): Promise<void> {
  const entries = await listImageEntries(contents);
  const changes = ["ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", `ENV SSL_CERT_FILE=${certificateBundle}`];
  const imported = await docker(["import", ...changes.flatMap((change) => ["--change", change]), "-", tag], { input: packImage(entries) });
  if (imported.code !== 0) throw new Error(complaint(imported));
}

const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/**
 * Makes sure that the engine has the image, and says under which tag: there already, else pulled, else made from this machine.
 * Rejects with a Problem which names what was tried.
 */
export async function ensurePlatformImage(image: PlatformImage, dependencies: PlatformImageDependencies): Promise<string> {
  const { docker, tell } = dependencies;
  const tag = platformTag(image);
  const present = await docker(["image", "inspect", "--format", "{{.Id}}", tag]);
  if (present.code === 0) return tag;
  const begun = Date.now();
  const notPulled = await pull(image, tag, dependencies);
  if (notPulled === undefined) {
    tell(`Pulled ${image.pulled} in ${seconds(begun)}`);
    return tag;
  }
  const problem = await machineProblem(dependencies);
  const failed =
    problem ??
    (await make(image, tag, dependencies).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    ));
  if (failed !== undefined)
    throw new Problem(
      "platform-image",
      `The engine has no ${image.name} image: ${image.pulled} cannot be pulled (${notPulled}), and none can be made here (${failed})`,
      {
        hint: `docker pull ${image.pulled}`,
      },
    );
  tell(`Made the ${image.name} image from this machine's ${image.programs.join(", ")} in ${seconds(begun)}`);
  return tag;
}
