import { spawn, type ChildProcessByStdio } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../node_modules/.cache/ministack-1.5.33/bin/ministack", import.meta.url));

/** An emulator of AWS that runs. */
export interface EmulatedAws {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Why there is no emulator; `undefined` when there is one. */
export const emulatorMissing = (): string | undefined =>
  existsSync(program) ? undefined : "the emulator of AWS is not installed (npm run emulator)";

/** How long the emulator may take to answer, in milliseconds. */
const patience = 90_000;

/** Starts the emulator on loopback, for the region us-west-2. */
export async function startEmulatedAws(): Promise<EmulatedAws> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "copilot-emulator-"));
  const variables = { BIND_HOST: "127.0.0.1", GATEWAY_PORT: String(port), MINISTACK_REGION: "us-west-2" };
  const child = spawn(program, [], {
    cwd: folder,
    env: { ...process.env, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const close = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), patience);
  const isUp = await Promise.race([
    saysItRuns(child),
    ended.then(() => false),
    new Promise<false>((resolve) => deadline.signal.addEventListener("abort", () => resolve(false))),
  ]);
  clearTimeout(timer);
  if (isUp) return { url: `http://127.0.0.1:${port}`, close };
  await close();
  throw new Error(`the emulator of AWS did not start on port ${port}`);
}

/** Resolves once the program writes that it listens. */
const saysItRuns = ({ stdout, stderr }: ChildProcessByStdio<null, Readable, Readable>): Promise<true> =>
  new Promise((resolve) => {
    let written = "";
    for (const stream of [stdout, stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        written += text;
        if (written.includes("Running on http://")) resolve(true);
      });
  });

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address === null || typeof address === "string" ? reject(new Error("no port")) : resolve(address.port)));
    });
  });
