import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import type { ContainerRequest, Engine } from "../../src/control-plane/engine/engine.ts";
import { connectEngine } from "../../src/control-plane/engine/http-engine.ts";
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

/** A real engine, or why there is none to test with. */
export async function realWorld(): Promise<EngineWorld | string> {
  const host = process.env["DOCKER_HOST"] ?? "";
  if (!host.startsWith("unix://")) return "DOCKER_HOST names no unix socket of an engine";
  const socket = host.slice("unix://".length);
  if (!existsSync(socket)) return `there is no engine at ${socket}`;
  const engine = connectEngine(socket);
  const image =
    process.env["COPILOT_TEST_BASE_IMAGE"] ?? (await engine.listImages("copilot/platform*")).flatMap((found) => found.references)[0];
  if (!image) return "the engine has no image with node (COPILOT_TEST_BASE_IMAGE names one)";
  return {
    engine,
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
  return { healthCheck: { test: ["CMD", "node", "-e", `process.exit(${code})`], interval: 1, timeout: 5, retries: 1, startPeriod: 0 } };
}
