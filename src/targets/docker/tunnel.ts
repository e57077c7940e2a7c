import { createServer, type Socket } from "node:net";
import type { DockerProcess } from "./docker-command.ts";

/** A port of this machine's loopback whose connections end at a control plane elsewhere. */
export interface Tunnel {
  readonly port: number;
  close(): void;
}

/** The program's path in every platform container. */
export const programPath = "/copilot/control-plane.js";

/**
 * Opens a tunnel through `docker exec`, which goes wherever the `docker` command goes (ssh, TLS): each connection is one process that
 * joins its input and output to the control plane's port.
 */
export function openTunnel(start: DockerProcess, container: string): Promise<Tunnel> {
  const open = new Set<() => void>();
  const carry = (socket: Socket): void => {
    const child = start(["exec", "-i", container, "node", programPath, "connect"]);
    const end = (): void => {
      open.delete(end);
      socket.destroy();
      child.kill("SIGTERM");
    };
    open.add(end);
    child.stderr.resume();
    child.stdin.on("error", end);
    socket.pipe(child.stdin);
    child.stdout.pipe(socket);
    socket.on("close", end).on("error", end);
    child.on("close", end).on("error", end);
  };
  const server = createServer(carry);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") return reject(new Error("A loopback server has an address."));
      server.unref();
      return resolve({
        port: address.port,
        close() {
          server.close();
          for (const end of open) end();
        },
      });
    });
  });
}
