import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Stands before an engine's socket, and keeps back the starts of containers until it is told to let them through. */
export class HeldEngine {
  /** Resolves when a container shall be started. */
  readonly held: Promise<void>;
  readonly #folder = mkdtempSync(join(tmpdir(), "copilot-held-"));
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  readonly #kept: (() => void)[] = [];
  #isOpen = false;

  private constructor(engine: string) {
    let tell: () => void = () => undefined;
    this.held = new Promise((resolve) => (tell = resolve));
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      const upstream = connect({ path: engine, allowHalfOpen: true });
      this.#sockets.add(socket);
      socket.on("data", (chunk) => {
        const pass = (): void => void upstream.write(chunk);
        if (this.#isOpen || !/^POST \S+\/start[? ]/m.test(chunk.toString("latin1"))) return pass();
        this.#kept.push(pass);
        tell();
      });
      socket.on("end", () => upstream.end()).on("error", () => upstream.destroy());
      socket.on("close", () => this.#sockets.delete(socket));
      upstream.pipe(socket).on("error", () => upstream.destroy());
      upstream.on("error", () => socket.destroy());
    });
  }

  /** Stands before the engine at a socket's path. */
  static async before(engine: string): Promise<HeldEngine> {
    const held = new HeldEngine(engine);
    await new Promise<void>((resolve, reject) => held.#server.once("error", reject).listen(held.#path, resolve));
    return held;
  }

  get #path(): string {
    return join(this.#folder, "docker.sock");
  }

  /** For `DOCKER_HOST`. */
  get host(): string {
    return `unix://${this.#path}`;
  }

  /** Lets through what was kept back, and everything that comes. */
  release(): void {
    this.#isOpen = true;
    for (const pass of this.#kept.splice(0)) pass();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
