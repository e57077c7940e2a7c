import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { dockerCommand } from "../src/targets/docker/docker-command.ts";
import { findProgram, imagePathOf, systemFiles } from "../src/targets/docker/machine-image.ts";
import { importMachineImage, unpackCaddy } from "../src/targets/docker/platform-images.ts";

/**
 * Makes sure that the engine has the base images which the sample and the tests build on: there already, else pulled, else a stand-in
 * made from this machine's own programs. A stand-in carries the label `copilot.stand-in`, and `npm stop` removes it.
 */
const shellTools = [
  "sh",
  "sleep",
  "cat",
  "ls",
  "mkdir",
  "rm",
  "cp",
  "env",
  "id",
  "touch",
  "chmod",
  "chown",
  "echo",
  "grep",
  "sed",
  "head",
  "tail",
  "true",
  "false",
];
const images: Readonly<Record<string, readonly string[]>> = {
  "node:slim": ["node", ...shellTools],
  "caddy:2": ["caddy", ...shellTools],
};

const docker = dockerCommand(process.env);
const tell = (text: string): void => void process.stderr.write(`  ${text}\n`);

async function hasImage(name: string): Promise<boolean> {
  return (await docker(["image", "inspect", "--format", "{{.Id}}", name])).code === 0;
}

async function pull(name: string): Promise<boolean> {
  const patience = AbortSignal.timeout(120_000);
  return docker(["pull", "--quiet", name], { signal: patience }).then(
    ({ code }) => code === 0,
    () => false,
  );
}

const path = `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;

async function make(name: string, wanted: readonly string[]): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "copilot-base-"));
  try {
    await makeFrom(scratch, name, wanted);
  } finally {
    await rm(scratch, { recursive: true });
  }
}

async function makeFrom(scratch: string, name: string, wanted: readonly string[]): Promise<void> {
  const programs: Record<string, string> = {};
  for (const program of wanted) {
    const file =
      program === "node"
        ? process.execPath
        : ((await findProgram(program, path)) ?? (program === "caddy" ? await unpackCaddy(scratch) : undefined));
    if (file === undefined) throw new Error(`A stand-in for ${name} needs ${program}, which this machine does not have.`);
    programs[program === "sh" ? "/usr/bin/sh" : program === "node" ? "/usr/local/bin/node" : `${dirname(imagePathOf(file))}/${program}`] =
      file;
  }
  const imported = `copilot/stand-in:${name.replace(":", "-")}`;
  await importMachineImage(docker, { programs, files: ["/etc/ssl/certs/ca-certificates.crt"], texts: systemFiles }, imported);
  const labelled = await docker(["build", "--quiet", "--label", "copilot.stand-in=true", "--tag", name, "-"], {
    input: `FROM ${imported}\n`,
  });
  if (labelled.code !== 0) throw new Error(`The stand-in for ${name} could not be made: ${labelled.stderr.trim()}`);
}

for (const [name, wanted] of Object.entries(images)) {
  if (await hasImage(name)) continue;
  const begun = performance.now();
  const seconds = (): string => `${((performance.now() - begun) / 1000).toFixed(1)} s`;
  if (await pull(name)) {
    tell(`Pulled ${name} (${seconds()})`);
  } else {
    await make(name, wanted);
    tell(`No registry answers: made a stand-in for ${name} from this machine's programs (${seconds()})`);
  }
}
