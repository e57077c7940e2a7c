import { readFile } from "node:fs/promises";
import { pack } from "tar-stream";
import { Problem } from "../../model/problem.ts";
import { complaint, type DockerCommand, type DockerResult } from "./docker-command.ts";
import { buildLabel, instanceLabel, roleLabel, versionLabel, type InstanceNames } from "./instance-names.ts";
import { programPath } from "./tunnel.ts";

/** The port that the control plane listens on inside its container. */
export const innerPort = 7380;

/** The control plane's container as the engine has it. */
export interface ControlPlaneContainer {
  readonly id: string;
  /** `preparing` means made and not yet started: by another command that is at it, or by one that was cut off. */
  readonly state: "running" | "preparing" | "stopped";
  readonly build: string;
  readonly version: string;
  /** On the engine's loopback. */
  readonly port: number | undefined;
}

/** What a control plane is started with. */
export interface ControlPlaneStart {
  readonly names: InstanceNames;
  readonly programFile: string;
  /** Hash of the program. */
  readonly build: string;
  readonly version: string;
  readonly baseImage: string;
  readonly ingressImage: string;
  /** The engine's socket on its own host. */
  readonly socket: string;
}

const inspectFormat = `{{.Id}}|{{.State.Status}}|{{index .Config.Labels "${buildLabel}"}}|{{index .Config.Labels "${versionLabel}"}}|{{with index .HostConfig.PortBindings "${innerPort}/tcp"}}{{(index . 0).HostPort}}{{end}}`;

/** The instance's control plane, or `undefined` when the engine has none. */
export async function inspectControlPlane(docker: DockerCommand, names: InstanceNames): Promise<ControlPlaneContainer | undefined> {
  const result = await docker(["container", "inspect", "--format", inspectFormat, names.controlPlane]);
  if (result.code !== 0) return undefined;
  const [id = "", status = "", build = "", version = "", port = ""] = result.stdout.trim().split("|");
  const state = status === "running" ? "running" : status === "created" ? "preparing" : "stopped";
  return { id, state, build, version, port: port === "" ? undefined : Number(port) };
}

/** Runs docker and rejects with what it complained about. */
export async function mustSucceed(docker: DockerCommand, args: readonly string[], what: string): Promise<string> {
  const result = await docker(args);
  if (result.code !== 0) throw new Problem("engine-refused", `${what}: ${complaint(result)}`);
  return result.stdout.trim();
}

async function ensureNetwork(docker: DockerCommand, { network, instance }: InstanceNames): Promise<void> {
  const present = await docker(["network", "inspect", "--format", "{{.Id}}", network]);
  if (present.code === 0) return;
  const labels = ["--label", `${instanceLabel}=${instance}`, "--label", `${roleLabel}=platform`];
  await mustSucceed(docker, ["network", "create", ...labels, network], "The platform's network could not be made");
}

async function ensureVolume(docker: DockerCommand, volume: string, { instance }: InstanceNames): Promise<void> {
  await mustSucceed(
    docker,
    ["volume", "create", "--label", `${instanceLabel}=${instance}`, "--label", `${roleLabel}=platform`, volume],
    `The volume ${volume} could not be made`,
  );
}

/** The program as a tar archive whose folder says that it is a module. */
async function* programArchive(file: string): AsyncGenerator<Uint8Array> {
  const archive = pack();
  archive.entry({ name: programPath.slice(1), mode: 0o644, mtime: new Date(0) }, await readFile(file));
  archive.entry({ name: "copilot/package.json", mode: 0o644, mtime: new Date(0) }, '{"type":"module"}\n');
  archive.finalize();
  for await (const chunk of archive) if (chunk instanceof Uint8Array) yield chunk;
}

const portTaken = /port is already allocated|address already in use|ports are not available/i;
const nameTaken = /is already in use by container/i;
/** `docker cp` takes the root of a container that is not there for something that is no folder. */
const gone = /no such container|must be a directory/i;

function creationArguments(start: ControlPlaneStart, port: number): readonly string[] {
  const { names } = start;
  const variables: Readonly<Record<string, string>> = {
    COPILOT_CP_INSTANCE: names.instance,
    COPILOT_CP_BUILD: start.build,
    COPILOT_CP_HOST: "0.0.0.0",
    COPILOT_CP_PORT: String(innerPort),
    COPILOT_CP_CONTAINER: names.controlPlane,
    COPILOT_CP_BASE_IMAGE: start.baseImage,
    COPILOT_CP_INGRESS_IMAGE: start.ingressImage,
    COPILOT_CP_SHARED: "/shared",
    COPILOT_CP_SHARED_VOLUME: names.sharedVolume,
  };
  const labels = {
    [instanceLabel]: names.instance,
    [roleLabel]: "control-plane",
    [buildLabel]: start.build,
    [versionLabel]: start.version,
  };
  return ["container", "create", "--name", names.controlPlane].concat(
    ["--restart", "always", "--pull", "never", "--security-opt", "label=disable"],
    ["--network", names.network, "--publish", `127.0.0.1:${port}:${innerPort}`],
    // An engine makes a folder of a volume's source that is missing; of a mount's it says so.
    ["--mount", `type=bind,"source=${start.socket}",target=/var/run/docker.sock`],
    ["--volume", `${names.stateVolume}:/state`, "--volume", `${names.sharedVolume}:/shared`],
    Object.entries(labels).flatMap(([name, value]) => ["--label", `${name}=${value}`]),
    Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    [start.baseImage, "node", programPath],
  );
}

/** How an attempt to start a control plane at a port went. */
export type StartAttempt = "started" | "port-taken" | "name-taken";

/**
 * Makes the container, puts the program in and starts it. Its name is the lock between commands that start at once: an engine makes two
 * networks of one name when it is asked twice, so the network is made by the one who has the name. What could not be started is taken away.
 */
export async function startControlPlane(docker: DockerCommand, start: ControlPlaneStart, port: number): Promise<StartAttempt> {
  const { names } = start;
  await Promise.all([ensureVolume(docker, names.stateVolume, names), ensureVolume(docker, names.sharedVolume, names)]);
  const created = await docker(creationArguments(start, port));
  if (created.code !== 0) {
    if (nameTaken.test(created.stderr)) return "name-taken";
    throw new Problem("engine-refused", `The control plane could not be made: ${complaint(created)}`);
  }
  const id = created.stdout.trim();
  const started = await fillAndStart(docker, start, id).catch(async (error: unknown) => {
    await docker(["container", "rm", "--force", id]);
    throw error;
  });
  if (started.code === 0) return "started";
  await docker(["container", "rm", "--force", id]);
  if (portTaken.test(started.stderr)) return "port-taken";
  // Another command has waited so long for its start that it took it for one that was left behind, and made its own.
  if (gone.test(started.stderr)) return "name-taken";
  throw new Problem("engine-refused", `The control plane could not be started: ${complaint(started)}`);
}

async function fillAndStart(docker: DockerCommand, start: ControlPlaneStart, id: string): Promise<DockerResult> {
  await ensureNetwork(docker, start.names);
  const copied = await docker(["cp", "-", `${id}:/`], { input: programArchive(start.programFile) });
  return copied.code === 0 ? docker(["container", "start", id]) : copied;
}

/** Ends a control plane, giving it time to write down what it does. Tasks, the ingress and the name server go on. */
export async function removeControlPlaneContainer(docker: DockerCommand, id: string): Promise<void> {
  await docker(["container", "stop", "--time", "10", id]);
  await docker(["container", "rm", "--force", id]);
}

/** The token that the control plane made at its first start. */
export const readToken = (docker: DockerCommand, names: InstanceNames): Promise<string> =>
  mustSucceed(docker, ["container", "exec", names.controlPlane, "cat", "/state/token"], "The control plane's token could not be read");

/** The last lines that the control plane wrote. */
export async function readLastLines(docker: DockerCommand, names: InstanceNames): Promise<string> {
  const result = await docker(["container", "logs", "--tail", "10", names.controlPlane]);
  return `${result.stdout}${result.stderr}`.trim();
}
