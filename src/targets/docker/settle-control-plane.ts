import { randomInt } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { coerce, gt } from "semver";
import { Problem } from "../../model/problem.ts";
import { isOurs, type Approach, type ControlPlaneConnection } from "./approach.ts";
import { controlPlaneClient } from "./client.ts";
import {
  inspectControlPlane,
  readLastLines,
  readToken,
  removeControlPlaneContainer,
  startControlPlane,
  type ControlPlaneContainer,
  type ControlPlaneStart,
} from "./control-plane-container.ts";
import { complaint } from "./docker-command.ts";
import { engineSocket } from "./engine-endpoint.ts";
import { writeEngineRecord } from "./engine-record.ts";
import { baseImage, ensurePlatformImage, ingressImage } from "./platform-images.ts";
import { protocolVersion, type Info } from "./protocol.ts";
import { openTunnel } from "./tunnel.ts";

/** Milliseconds that a control plane has from its start to its first answer. */
const startPatience = 30_000;
/** Milliseconds that another command has to start the container that it has made. */
const preparationPatience = 10_000;
/** Ports that systems do not hand out for outgoing connections. */
const portRange = [20_000, 32_000] as const;
const attempts = 12;

async function checkEngine({ dependencies, endpoint }: Approach): Promise<string> {
  const result = await dependencies.docker(["info", "--format", "{{.ServerVersion}}|{{.OperatingSystem}}"]);
  const [version = "", system = ""] = result.stdout.trim().split("|");
  if (result.code !== 0 || version === "")
    throw new Problem("engine-unreachable", `No Docker engine answers at ${endpoint.host}: ${complaint(result)}`, {
      hint: "Start Docker, or choose another engine with docker context use.",
    });
  if (Number(version.split(".")[0]) < 20)
    throw new Problem("engine-old", `The Docker engine at ${endpoint.host} is ${version}: 20.10 is the oldest that does`, {
      hint: "Upgrade the Docker engine.",
    });
  return system;
}

/** Whether a control plane that runs is kept: one of our build, or of a later version that speaks the same protocol. */
export function isKept(container: ControlPlaneContainer, own: { readonly build: string; readonly version: string }): boolean {
  if (container.state !== "running" || container.port === undefined) return false;
  if (container.build === own.build) return true;
  const [theirs, ours] = [coerce(container.version), coerce(own.version)];
  return theirs !== null && ours !== null && gt(theirs, ours);
}

async function connect(approach: Approach, port: number): Promise<ControlPlaneConnection> {
  const { dependencies, names, endpoint } = approach;
  const token = await waitForToken(approach);
  const tunnel = endpoint.local ? undefined : await openTunnel(dependencies.dockerProcess, names.controlPlane);
  const client = controlPlaneClient({ port: tunnel?.port ?? port, token });
  const close = (): void => {
    client.close();
    tunnel?.close();
  };
  try {
    const info = await waitForInfo(approach, () => client.call<Info>("GET", "/v1/info", { patience: 5_000 }));
    if (!isOurs(info, approach) && info.protocol !== protocolVersion)
      throw new Problem(
        "control-plane-newer",
        `The control plane is of a later version, which speaks protocol ${info.protocol} and not ${protocolVersion}`,
        {
          hint: "Upgrade this program to the control plane's version.",
        },
      );
    if (endpoint.local) await writeEngineRecord(approach.recordFile, { engine: info.engine.id, port, token });
    return { client, info, names, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Asks again until there is an answer, the container has ended, or the time is over. */
async function insist<T>(approach: Approach, ask: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + startPatience;
  for (let pause = 20; ; pause = Math.min(pause * 2, 500)) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const container = await inspectControlPlane(approach.dependencies.docker, approach.names);
      if (container?.state === "running" && Date.now() < deadline) {
        await delay(pause);
        continue;
      }
      const lines = await readLastLines(approach.dependencies.docker, approach.names);
      throw new Problem("control-plane-start", `The control plane does not answer: ${error.message}${lines === "" ? "" : `\n${lines}`}`, {
        hint: `docker logs ${approach.names.controlPlane}`,
        cause: error,
      });
    }
  }
}

const waitForToken = (approach: Approach): Promise<string> =>
  insist(approach, () => readToken(approach.dependencies.docker, approach.names));

const waitForInfo = (approach: Approach, ask: () => Promise<Info>): Promise<Info> => insist(approach, ask);

async function prepareStart(approach: Approach, operatingSystem: string): Promise<ControlPlaneStart> {
  const { docker, machine, variables, programFile, version, tell } = approach.dependencies;
  const images = {
    docker,
    path: `${variables["PATH"] ?? ""}:/usr/sbin:/sbin`,
    nodeProgram: machine.nodeProgram,
    machine,
    tell,
  };
  const [base, ingress] = await Promise.all([ensurePlatformImage(baseImage, images), ensurePlatformImage(ingressImage, images)]);
  const socket = engineSocket(approach.endpoint, machine.platform, operatingSystem);
  return { names: approach.names, programFile, build: approach.build, version, baseImage: base, ingressImage: ingress, socket };
}

/** The container as it is once nobody else is preparing it, or has been for too long. */
async function inspectSettled(approach: Approach): Promise<ControlPlaneContainer | undefined> {
  const deadline = Date.now() + preparationPatience;
  for (;;) {
    const found = await inspectControlPlane(approach.dependencies.docker, approach.names);
    if (found?.state !== "preparing" || Date.now() > deadline) return found;
    await delay(100);
  }
}

/** Finds the control plane by asking the engine, or starts it; a build that is not ours makes way for ours at the same port. */
export async function settleControlPlane(approach: Approach): Promise<ControlPlaneConnection> {
  const { docker, tell, version } = approach.dependencies;
  const operatingSystem = await checkEngine(approach);
  const begun = Date.now();
  let port: number | undefined;
  let start: ControlPlaneStart | undefined;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = await inspectSettled(approach);
    if (found?.port !== undefined && isKept(found, { build: approach.build, version })) return connect(approach, found.port);
    start ??= await prepareStart(approach, operatingSystem);
    if (found !== undefined) await removeControlPlaneContainer(docker, found.id);
    port ??= found?.port ?? randomInt(...portRange);
    const outcome = await startControlPlane(docker, start, port);
    if (outcome === "started") {
      const connection = await connect(approach, port);
      const seconds = ((Date.now() - begun) / 1000).toFixed(1);
      tell(`${found === undefined ? "Started" : "Replaced"} the control plane ${approach.names.controlPlane} in ${seconds} s`);
      return connection;
    }
    if (outcome === "port-taken") port = randomInt(...portRange);
  }
  throw new Problem("control-plane-start", `The control plane could not be started: ${attempts} attempts found their port or name taken`, {
    hint: `docker ps --all --filter name=${approach.names.controlPlane}`,
  });
}
