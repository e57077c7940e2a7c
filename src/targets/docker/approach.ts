import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Problem } from "../../model/problem.ts";
import type { ControlPlaneClient } from "./client.ts";
import type { DockerCommand, DockerProcess } from "./docker-command.ts";
import { readEngineEndpoint, type EngineEndpoint } from "./engine-endpoint.ts";
import { engineRecordFile } from "./engine-record.ts";
import { defaultInstance, toInstanceNames, type InstanceNames } from "./instance-names.ts";
import type { Info } from "./protocol.ts";

/** What finding or starting a control plane needs to know of its surroundings. */
export interface BootstrapDependencies {
  readonly docker: DockerCommand;
  readonly dockerProcess: DockerProcess;
  /** Environment variables of the user: `COPILOT_INSTANCE`, `DOCKER_HOST`, `DOCKER_CONTEXT`, `PATH`. */
  readonly variables: NodeJS.ProcessEnv;
  readonly home: string;
  /** The user's settings of this product, e.g. `~/.config/copilot`. */
  readonly settingsDirectory: string;
  /** The control plane's program, bundled into one file. */
  readonly programFile: string;
  /** Version of this product. */
  readonly version: string;
  readonly machine: { readonly platform: NodeJS.Platform; readonly architecture: string; readonly nodeProgram: string };
  /** Told what is done, once it takes long enough to be told. */
  readonly tell: (what: string) => void;
}

/** An open way to a control plane. */
export interface ControlPlaneConnection {
  readonly client: ControlPlaneClient;
  readonly info: Info;
  readonly names: InstanceNames;
  /** Lets go of connections and tunnels, so that the process may end. */
  close(): void;
}

/** What both the short and the long way to a control plane share. */
export interface Approach {
  readonly dependencies: BootstrapDependencies;
  readonly endpoint: EngineEndpoint;
  readonly names: InstanceNames;
  readonly recordFile: string;
  /** Hash of our own program. */
  readonly build: string;
}

/** A short hash of the program: a control plane of another one is replaced. */
export const toBuild = (program: Uint8Array): string => createHash("sha256").update(program).digest("hex").slice(0, 16);

async function readBuild(programFile: string): Promise<string> {
  try {
    return toBuild(await readFile(programFile));
  } catch (cause) {
    throw new Problem("program-missing", `The control plane's program cannot be read: ${programFile} is not there`, {
      hint: "Install the package again; in a clone, run npm start.",
      cause,
    });
  }
}

/** Whether a running control plane's answer is one that this program can work with. */
export const isOurs = (info: Info, approach: Pick<Approach, "build" | "names">): boolean =>
  info.build === approach.build && info.instance === approach.names.instance;

/** Where and as what the control plane is looked for. */
export async function approachControlPlane(dependencies: BootstrapDependencies): Promise<Approach> {
  const { variables, home, machine, settingsDirectory, programFile } = dependencies;
  const names = toInstanceNames(variables["COPILOT_INSTANCE"] || defaultInstance);
  const [endpoint, build] = await Promise.all([
    readEngineEndpoint({ variables, home, platform: machine.platform }),
    readBuild(programFile),
  ]);
  return { dependencies, endpoint, names, build, recordFile: engineRecordFile(settingsDirectory, endpoint.host, names.instance) };
}
