import type { Server } from "node:http";
import { PassThrough, type Duplex, type Readable } from "node:stream";
import { isAgentReport, type BuildJob, type BuildResult } from "../../../pipelines/agent/build-job.ts";
import { toolsFolder } from "../../../pipelines/agent/tools-folder.ts";
import { Connection } from "../../../pipelines/agent/connection.ts";
import type { Engine } from "../../engine/engine.ts";
import { labelNames } from "../../object-names.ts";
import { buildLabel } from "./engine-gate.ts";
import { splitOutput, type EngineWire } from "./engine-wire.ts";

/** Where a build finds the source in its container. */
export const sourceDirectory = "/codebuild/output/src";

/** One build. */
export interface BuildRequest {
  /** Names the build and everything that it makes on the engine. */
  readonly id: string;
  /** Name of its container. */
  readonly name: string;
  readonly image: string;
  readonly toolsVolume: string;
  readonly job: Omit<BuildJob, "sockets" | "sourceDirectory">;
  /** Tar archives that are unpacked at `/` before the build begins. */
  readonly archives: readonly (() => Readable)[];
  readonly network?: { readonly name: string; readonly nameServer: string };
  readonly onLine: (text: string) => void;
  /** Takes the archives that the build sends, by their label; resolves when one is kept. */
  readonly onArchive: (label: string, archive: Readable) => Promise<void>;
  readonly signal: AbortSignal;
}

/** What builds run with. */
export interface BuildParts {
  readonly engine: Engine;
  readonly wire: EngineWire;
  readonly instance: string;
  /** Answers the build's calls to the engine. */
  readonly engineGate: Server;
  /** Answers the build's calls to the control plane. */
  readonly apiGate: Server;
}

/** Runs a build in a container of its own and takes everything away afterwards that it made and left. */
export async function runBuild(request: BuildRequest, parts: BuildParts): Promise<BuildResult> {
  const { engine, wire } = parts;
  await engine.removeContainer(request.name);
  const id = await wire.create(request.name, containerBody(request, parts.instance));
  // Its end closes the streams; taking it away is left to one place, since two at once do not wait for each other.
  const end = (): void => void engine.killContainer(id, "SIGKILL").catch(() => undefined);
  request.signal.addEventListener("abort", end, { once: true });
  try {
    for (const archive of request.archives) await wire.putArchive(id, archive());
    request.signal.throwIfAborted();
    const stream = await wire.attach(id);
    const result = converse(stream, request, parts);
    await engine.startContainer(id);
    if (request.signal.aborted) end();
    return await result;
  } finally {
    request.signal.removeEventListener("abort", end);
    await clean(request, parts, id);
  }
}

/** Removes everything that a build left on the engine, its container included. */
async function clean(request: BuildRequest, { engine }: BuildParts, id: string): Promise<void> {
  await engine.removeContainer(id);
  await removeLeftovers(engine, request.id);
}

/** Removes the containers, networks and volumes that a build made. */
export async function removeLeftovers(engine: Engine, build: string): Promise<void> {
  const labels = { [buildLabel]: build };
  for (const container of await engine.listContainers(labels)) await engine.removeContainer(container.id);
  for (const network of await engine.listNetworks(labels)) await engine.removeNetwork(network.id);
  for (const volume of await engine.listVolumes(labels)) await engine.removeVolume(volume.name);
}

function containerBody(request: BuildRequest, instance: string): object {
  const { network } = request;
  return {
    Image: request.image,
    Entrypoint: [
      `${toolsFolder}/lib/loader`,
      "--library-path",
      `${toolsFolder}/lib`,
      `${toolsFolder}/bin/node`,
      `${toolsFolder}/app/build-agent.js`,
    ],
    Cmd: [],
    WorkingDir: "/",
    User: "0:0",
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    Labels: { [labelNames.instance]: instance, [labelNames.role]: "build", "copilot.build-id": request.id },
    HostConfig: {
      Mounts: [{ Type: "volume", Source: request.toolsVolume, Target: toolsFolder, ReadOnly: true, VolumeOptions: { NoCopy: true } }],
      LogConfig: { Type: "none" },
      ...(network === undefined ? {} : { NetworkMode: network.name, Dns: [network.nameServer] }),
    },
  };
}

/** Gives the agent its job and serves it until it reports the result or is gone. */
function converse(stream: Duplex, request: BuildRequest, { engineGate, apiGate }: BuildParts): Promise<BuildResult> {
  return new Promise((resolve, reject) => {
    const kept: Promise<void>[] = [];
    const complaints: string[] = [];
    let result: BuildResult | undefined;
    const input = readOutput(stream, (text) => complaints.push(text));
    const connection = new Connection({ input, output: stream }, "opener", {
      onMessage: (message) => {
        if (!isAgentReport(message)) return;
        if (message.type === "ready") connection.send({ type: "job", job: { ...request.job, sourceDirectory, sockets } });
        else if (message.type === "line") request.onLine(message.text);
        else result = message.result;
      },
      onChannel: (label, channel) => {
        if (label === "engine") engineGate.emit("connection", channel);
        else if (label === "api") apiGate.emit("connection", channel);
        else kept.push(keep(label, channel, request));
      },
      onClose: () => {
        if (request.signal.aborted) reject(request.signal.reason instanceof Error ? request.signal.reason : new Error("aborted"));
        else if (result === undefined)
          reject(
            new Error(`The build's container ended without a result${complaints.length > 0 ? `: ${complaints.join("").trim()}` : ""}`),
          );
        else void settle(result, kept).then(resolve, reject);
      },
    });
  });
}

/** Paths in the container, with what answers at them. */
const sockets = { "/var/run/docker.sock": "engine", "/run/copilot/control-plane.sock": "api" } as const;

/** The result once everything that the build sent is kept. */
async function settle(result: BuildResult, kept: readonly Promise<void>[]): Promise<BuildResult> {
  await Promise.all(kept);
  return result;
}

async function keep(label: string, channel: Duplex, request: BuildRequest): Promise<void> {
  try {
    await request.onArchive(label, channel);
  } finally {
    channel.end();
  }
}

/** The agent's frames out of the engine's. */
function readOutput(stream: Duplex, onComplaint: (text: string) => void): Readable {
  const output = new PassThrough();
  splitOutput(stream, {
    out: (chunk) => output.write(Buffer.from(chunk)),
    err: (chunk) => onComplaint(chunk.toString("utf8")),
    end: () => output.end(),
  });
  return output;
}
