import { connect } from "node:net";

/** Joins this process' input and output to a port of its own loopback: the far end of a tunnel. Resolves when either side has ended. */
export function connectProgram(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.on("error", reject);
    socket.on("close", () => resolve());
    process.stdout.on("error", () => socket.destroy());
    process.stdin.pipe(socket);
    socket.pipe(process.stdout);
  });
}
