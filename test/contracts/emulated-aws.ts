import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../node_modules/.cache/ministack-1.5.33/bin/python", import.meta.url));

/** An emulator of AWS that runs. */
export interface EmulatedAws {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Why there is no emulator; `undefined` when there is one. */
export const emulatorMissing = (): string | undefined =>
  existsSync(program) ? undefined : "the emulator of AWS is not installed (npm run emulator)";

/** How long the emulator may take to answer, in milliseconds. */
const patience = 30_000;

/** Starts the emulator on loopback, for the region us-west-2. */
export async function startEmulatedAws(): Promise<EmulatedAws> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "copilot-emulator-"));
  const variables = { BIND_HOST: "127.0.0.1", GATEWAY_PORT: String(port), MINISTACK_REGION: "us-west-2" };
  const child = spawn(program, ["-m", "ministack"], { cwd: folder, env: { ...process.env, ...variables }, stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const close = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const isUp = await answers(url, Date.now() + patience, ended);
  if (isUp) return { url, close };
  await close();
  throw new Error(`the emulator did not answer at ${url}`);
}

/** Whether the emulator's page of health answers before the deadline; each try waits for an answer or the end of the program. */
async function answers(url: string, deadline: number, ended: Promise<void>): Promise<boolean> {
  let runs = true;
  void ended.then(() => (runs = false));
  while (runs && Date.now() < deadline) {
    const isUp = await fetch(`${url}/_ministack/health`, { signal: AbortSignal.timeout(1000) }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return true;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return false;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address === null || typeof address === "string" ? reject(new Error("no port")) : resolve(address.port)));
    });
  });
