import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { pack, type Pack } from "tar-stream";
import { Problem } from "../../model/problem.ts";
import { complaint } from "./docker-command.ts";
import { findProgram } from "./machine-image.ts";
import { baseImage, ensurePlatformImage, type PlatformImage, type PlatformImageDependencies } from "./platform-images.ts";

/** What stands in for CodeBuild's images: a shell and what buildspecs usually call. A manifest may name any other image. */
export const buildImage: PlatformImage = {
  name: "build",
  pulled: "node:22-bookworm",
  programs: ["node", "sh", "cat"],
  optionalPrograms: [
    ..."bash awk basename cmp curl cut date diff dirname echo env expr false find git git-remote-https grep egrep gzip head id jq ln ls make".split(
      " ",
    ),
    ..."mkdir mktemp mv cp rm rmdir chmod chown touch printf pwd realpath readlink rev sed seq sha256sum sleep sort stat tail tar tee test tr true".split(
      " ",
    ),
    ..."uname uniq wc wget whoami xargs zip unzip ssh nproc timeout tput stty".split(" "),
  ],
  edition: 1,
};

/** What the tools image is made of besides what images are made of. */
export interface BuildToolsDependencies extends PlatformImageDependencies {
  /** The folder of this product's bundled programs. */
  readonly programFolder: string;
}

/** Copies the Node.js that runs it, with its libraries, to where any image can run them. */
const collectRuntime = `import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
const root = "/opt/copilot";
mkdirSync(root + "/lib", { recursive: true });
mkdirSync(root + "/bin", { recursive: true });
const mapped = new Set(readFileSync("/proc/self/maps", "utf8").match(/\\/\\S+\\.so\\S*/g));
for (const file of mapped) copyFileSync(file, root + "/lib/" + basename(file));
const loader = [...mapped].find((file) => /\\/ld-[^/]*$/.test(file));
if (!loader) throw new Error("This Node.js has no loader: it is not linked dynamically.");
copyFileSync(loader, root + "/lib/loader");
copyFileSync(process.execPath, root + "/bin/node");
`;

const node = "/opt/copilot/lib/loader --library-path /opt/copilot/lib /opt/copilot/bin/node";

/** Goes on to the next program of the name, unless the call is for the original's command line. */
const downloader = (name: string): string => `#!/bin/sh
case "$*" in *copilot-linux*) exec ${node} /opt/copilot/app/build-agent.js stand-in ${name} "$@" ;; esac
PATH=\${PATH#/opt/copilot/first:}
command -v ${name} >/dev/null || exec ${node} /opt/copilot/app/build-agent.js stand-in ${name} "$@"
exec ${name} "$@"
`;

const standIn = (name: string): string => `#!/bin/sh\nexec ${node} /opt/copilot/app/build-agent.js stand-in ${name} "$@"\n`;
const commandLine = `#!/bin/sh\nexec ${node} /opt/copilot/app/bin.js "$@"\n`;

/** Programs that come before the image's own, and those that come after it. */
const scripts: Readonly<Record<string, string>> = {
  "first/wget": downloader("wget"),
  "first/curl": downloader("curl"),
  "last/ruby": standIn("ruby"),
  "last/jq": standIn("jq"),
  "last/copilot": commandLine,
  "last/copilot-ts": commandLine,
  "last/copilot-linux": commandLine,
  "last/node": `#!/bin/sh\nexec ${node} "$@"\n`,
  "app/package.json": '{"type":"module"}\n',
  "app/collect-runtime.js": collectRuntime,
};

/** Every edition of the tools image carries it. */
const toolsLabel = "copilot.build-tools";

/** The newest edition, for pipelines whose own is gone. */
const newestTools = "copilot/platform:build-tools";

const dockerfile = (base: string, hasDocker: boolean): string =>
  [
    `FROM ${base}`,
    `LABEL ${toolsLabel}=true`,
    "COPY copilot /opt/copilot",
    ...(hasDocker ? [] : ["COPY --from=docker:cli /usr/local/bin/docker /opt/copilot/last/docker"]),
    'RUN ["node", "/opt/copilot/app/collect-runtime.js"]',
    "",
  ].join("\n");

/** A file of the tools image. */
interface ToolFile {
  readonly name: string;
  readonly content: Buffer;
  readonly mode: number;
}

/**
 * Makes sure that the engine has the image whose folder /opt/copilot goes into every build: Node.js, the agent, this command line, docker.
 * Gives its tag, which is of its contents.
 */
export async function ensureBuildTools(dependencies: BuildToolsDependencies): Promise<string> {
  const base = await ensurePlatformImage(baseImage, dependencies);
  const files = await listToolFiles(dependencies);
  const recipe = dockerfile(
    base,
    files.some(({ name }) => name === "last/docker"),
  );
  const hash = createHash("sha256").update(recipe);
  for (const { name, content, mode } of files) hash.update(`${name}\0${mode}\0`).update(content);
  const tag = `copilot/platform:${hash.digest("hex").slice(0, 12)}`;
  const present = await dependencies.docker(["image", "inspect", "--format", "{{.Id}}", tag]);
  if (present.code === 0) return tag;
  const begun = Date.now();
  const built = await dependencies.docker(["build", "--quiet", "--tag", tag, "-"], { input: packContext(recipe, files) });
  if (built.code !== 0) throw new Problem("build-tools", `The tools for builds cannot be made: ${complaint(built)}`);
  dependencies.tell(`Made the tools for builds in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  await dependencies.docker(["tag", tag, newestTools]);
  await removeOlderTools(dependencies, tag);
  return tag;
}

/** Each build of this program makes an edition of its own; those before it are of no use. One that is in use stays. */
async function removeOlderTools({ docker }: BuildToolsDependencies, current: string): Promise<void> {
  const { stdout } = await docker(["image", "ls", "--filter", `label=${toolsLabel}`, "--format", "{{.Repository}}:{{.Tag}}"]);
  const older = stdout.split("\n").filter((name) => name !== "" && name !== current && name !== newestTools && !name.includes("<none>"));
  if (older.length > 0) await docker(["image", "rm", ...older]);
}

/** The image that stands in for CodeBuild's, and the one with the tools, by the names that the control plane asks for. */
export async function ensureBuildImages(dependencies: BuildToolsDependencies): Promise<Readonly<Record<string, string>>> {
  const tools = await ensureBuildTools(dependencies);
  return { tools, default: await ensurePlatformImage(buildImage, dependencies) };
}

async function listToolFiles({ programFolder, path, machine }: BuildToolsDependencies): Promise<readonly ToolFile[]> {
  const files: ToolFile[] = Object.entries(scripts).map(([name, text]) => ({ name, content: Buffer.from(text), mode: 0o755 }));
  const programs = [
    "bin.js",
    "copilot.cjs",
    "build-agent.js",
    ...(await readdir(join(programFolder, "chunks"))).map((name) => `chunks/${name}`),
  ];
  for (const name of programs.toSorted())
    files.push({ name: `app/${name}`, content: await readFile(join(programFolder, name)), mode: 0o644 });
  files.push({ name: "app/control-plane.js", content: await readFile(join(programFolder, "control-plane.js")), mode: 0o644 });
  const docker = machine.platform === "linux" ? await findProgram("docker", path) : undefined;
  if (docker === undefined) return files;
  const content = await readFile(docker);
  if (!isDynamic(content)) return [...files, { name: "last/docker", content, mode: 0o755 }];
  const wrapper = '#!/bin/sh\nexec /opt/copilot/lib/loader --library-path /opt/copilot/lib /opt/copilot/bin/docker "$@"\n';
  return [...files, { name: "bin/docker", content, mode: 0o755 }, { name: "last/docker", content: Buffer.from(wrapper), mode: 0o755 }];
}

/** Whether a program for Linux names a loader: a header of type PT_INTERP in a 64-bit ELF file. */
export function isDynamic(program: Buffer): boolean {
  if (program.length < 64 || program.readUInt32BE(0) !== 0x7f454c46 || program.readUInt8(4) !== 2) return false;
  const offset = Number(program.readBigUInt64LE(32));
  const [size, count] = [program.readUInt16LE(54), program.readUInt16LE(56)];
  return Array.from({ length: count }, (_, index) => offset + index * size).some(
    (at) => at + 4 <= program.length && program.readUInt32LE(at) === 3,
  );
}

async function* packContext(recipe: string, files: readonly ToolFile[]): AsyncGenerator<Uint8Array> {
  const archive = pack();
  const write = async (): Promise<void> => {
    await addFile(archive, { name: "Dockerfile", content: Buffer.from(recipe), mode: 0o644 });
    for (const file of files) await addFile(archive, { ...file, name: `copilot/${file.name}` });
    archive.finalize();
  };
  write().catch((error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))));
  for await (const chunk of archive) if (chunk instanceof Uint8Array) yield chunk;
}

const addFile = (archive: Pack, { name, content, mode }: ToolFile): Promise<void> =>
  new Promise((resolve, reject) => {
    archive.entry({ name, mode, mtime: new Date(0) }, content, (error) => (error ? reject(error) : resolve()));
  });
