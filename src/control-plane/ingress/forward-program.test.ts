import { createSocket } from "node:dgram";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { forward, type Forwarder } from "./forward-program.ts";

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function task(answer: string): Promise<number> {
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    let text = "";
    socket.on("data", (data) => (text += data.toString())).on("end", () => socket.end(`${answer} ${text}`));
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function started(forwarder: Promise<Forwarder>): Promise<number> {
  const one = await forwarder;
  open.push(one);
  return one.port;
}

async function talk(port: number, text: string): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.end(text);
  let answer = "";
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

describe("a forwarder", () => {
  it("joins a connection to a task, each side ending when it likes", async () => {
    const targetPort = await task("heard");
    const port = await started(forward({ protocol: "tcp", host: "127.0.0.1", port: 0, targetPort, targets: async () => ["127.0.0.1"] }));
    expect(await talk(port, "hello")).toBe("heard hello");
  });

  it("tries another task when one does not take the connection", async () => {
    const targetPort = await task("second");
    // Of the loopback's addresses only the first has the task.
    const targets = async () => ["127.0.0.2", "127.0.0.3", "127.0.0.1"];
    const port = await started(forward({ protocol: "tcp", host: "127.0.0.1", port: 0, targetPort, targets }));
    for (let index = 0; index < 5; index++) expect(await talk(port, "x")).toBe("second x");
  });

  it("closes a connection that nobody can take", async () => {
    const none = { protocol: "tcp", host: "127.0.0.1", port: 0, targetPort: 1 } as const;
    const port = await started(forward({ ...none, targets: async () => [] }));
    expect(await talk(port, "x")).toBe("");
    const lost = await started(forward({ ...none, targets: () => Promise.reject(new Error("no name server")) }));
    expect(await talk(lost, "x")).toBe("");
  });

  it("takes datagrams there and back", async () => {
    const server = createSocket("udp4");
    open.push(server);
    server.on("message", (message, { port, address }) => server.send(`heard ${message.toString()}`, port, address));
    await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
    const targets = async () => ["127.0.0.1"];
    const port = await started(forward({ protocol: "udp", host: "127.0.0.1", port: 0, targetPort: server.address().port, targets }));
    const client = createSocket("udp4");
    open.push(client);
    for (const text of ["one", "two"]) {
      const answer = new Promise<string>((resolve) => client.once("message", (message) => resolve(message.toString())));
      client.send(text, port, "127.0.0.1");
      expect(await answer).toBe(`heard ${text}`);
    }
  });
});
