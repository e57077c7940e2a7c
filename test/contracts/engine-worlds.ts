import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import type { ContainerRequest, Engine } from "../../src/control-plane/engine/engine.ts";
import { connectEngine } from "../../src/control-plane/engine/http-engine.ts";
import { baseImage, platformTag } from "../../src/targets/docker/platform-images.ts";
import { FakeEngine, type Script } from "../fakes/fake-engine.ts";

/** An engine to hold to the contract, and a way to have programs on it. */
export interface EngineWorld {
  readonly engine: Engine;
  /** The part of a request that makes a container do what the script says. */
  program(script: Script): Promise<Pick<ContainerRequest, "image" | "entrypoint" | "command" | "healthCheck">>;
}

/** The fake. */
export function fakeWorld(): EngineWorld {
  const engine = new FakeEngine();
  return {
    engine,
    program(script) {
      const image = `fake/${randomBytes(4).toString("hex")}:1`;
      engine.addImage(image, script);
      return Promise.resolve({ image, ...healthOf(script) });
    },
  };
}

/** A real engine's socket with an image that has node, or why there is none to test with. */
export async function realEngine(): Promise<{ readonly socket: string; readonly image: string } | string> {
  const host = process.env["DOCKER_HOST"] ?? "";
  if (!host.startsWith("unix://")) return "DOCKER_HOST names no unix socket of an engine";
  const socket = host.slice("unix://".length);
  if (!existsSync(socket)) return `there is no engine at ${socket}`;
  const named = process.env["COPILOT_TEST_BASE_IMAGE"];
  // An engine where nothing was deployed yet has no image of the platform.
  const images = named === undefined ? [platformTag(baseImage), "node:slim"] : [named];
  const engine = connectEngine(socket);
  for (const image of images) if (await engine.inspectImage(image).catch(() => undefined)) return { socket, image };
  return `the engine at ${socket} does not have ${images.join(" or ")} (COPILOT_TEST_BASE_IMAGE names another one with node)`;
}

/** A real engine, or why there is none to test with. */
export async function realWorld(): Promise<EngineWorld | string> {
  const real = await realEngine();
  if (typeof real === "string") return real;
  const { socket, image } = real;
  return {
    engine: connectEngine(socket),
    program: (script) => Promise.resolve({ image, entrypoint: ["node"], command: ["-e", toProgram(script)], ...healthOf(script) }),
  };
}

function toProgram({ writes = [], exits }: Script): string {
  const lines = writes.map((line) => `console.log(${JSON.stringify(line)});`).join("");
  const end = exits ? `setTimeout(() => process.exit(${exits.code}), ${exits.after});` : "setInterval(() => {}, 1000);";
  return `process.on("SIGTERM", () => process.exit(143)); ${lines} ${end}`;
}

function healthOf({ health }: Script): Pick<ContainerRequest, "healthCheck"> {
  if (!health) return {};
  const code = health.status === "healthy" ? 0 : 1;
  return {
    healthCheck: {
      test: ["CMD", "node", "-e", `process.exit(${code})`],
      interval: Math.ceil(health.after / 1000),
      timeout: 60,
      retries: 1,
      startPeriod: 0,
    },
  };
}
