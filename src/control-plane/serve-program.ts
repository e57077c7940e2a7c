import { startControlPlane } from "./control-plane.ts";
import { connectEngine } from "./engine/http-engine.ts";
import { createPlatform } from "./platform.ts";
import type { Settings } from "./settings.ts";

/** Runs the control plane until the process is told to end. What runs on the engine goes on. */
export async function serveProgram(settings: Settings, programFile: string): Promise<void> {
  const engine = connectEngine(settings.engineSocket);
  const warn = (message: string): void => void process.stderr.write(`${new Date().toISOString()} ${message}\n`);
  const ended = new Promise<void>((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
  });
  const controlPlane = await startControlPlane(settings, {
    engine,
    ...createPlatform(settings, { engine, programFile, warn }),
    now: Date.now,
    warn,
  });
  warn(`The control plane of instance ${settings.instance} answers at ${settings.host}:${controlPlane.port}.`);
  await ended;
  await controlPlane.close();
}
