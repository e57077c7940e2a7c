import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { readFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { createSecureContext, createServer as createTlsServer } from "node:tls";

/** What a forwarder takes from where to where. */
export interface ForwardOptions {
  readonly protocol: "tcp" | "tls" | "udp";
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Ports of tasks. */
  readonly targetPort: number;
  /** Addresses of the tasks that are ready now. */
  readonly targets: () => Promise<readonly string[]>;
  /** PEM texts for `tls`, read for each connection so that a renewed certificate is used. */
  readonly certificate?: () => { readonly cert: string; readonly key: string };
}

/** A forwarder that takes connections. */
export interface Forwarder {
  readonly port: number;
  close(): void;
}

/** Milliseconds to reach a task before another one is tried. */
const connectPatience = 2_000;
/** Milliseconds after which a silent UDP exchange is forgotten. */
const exchangeIdle = 60_000;

function shuffled(items: readonly string[]): readonly string[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function reach(address: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, allowHalfOpen: true });
    socket.setTimeout(connectPatience, () => socket.destroy(new Error("no answer in time")));
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.setTimeout(0);
      socket.removeListener("error", reject);
      resolve(socket);
    });
  });
}

/** Joins a client to the first task that takes the connection; without any, the client's is closed. */
async function join(client: Socket, options: ForwardOptions): Promise<void> {
  client.on("error", () => client.destroy());
  const targets = await options.targets().catch(() => []);
  for (const address of shuffled(targets)) {
    const task = await reach(address, options.targetPort).catch(() => undefined);
    if (task === undefined) continue;
    task.on("error", () => client.destroy());
    client.on("close", () => task.destroy());
    task.on("close", () => client.destroy());
    client.pipe(task);
    task.pipe(client);
    return;
  }
  client.destroy();
}

function streamServer(options: ForwardOptions): Server {
  const onConnection = (client: Socket): void => void join(client, options);
  if (options.protocol !== "tls") return createServer({ allowHalfOpen: true, pauseOnConnect: true }, onConnection);
  const { certificate } = options;
  if (certificate === undefined) throw new Error("TLS needs a certificate.");
  return createTlsServer(
    {
      SNICallback: (_, answer) => {
        try {
          answer(null, createSecureContext(certificate()));
        } catch (error) {
          answer(error instanceof Error ? error : new Error(String(error)));
        }
      },
      ...certificate(),
    },
    onConnection,
  );
}

/** Datagrams of one client go to one task, and its answers come back the same way. */
function forwardDatagrams(server: DatagramSocket, options: ForwardOptions): () => void {
  const exchanges = new Map<string, { readonly socket: DatagramSocket; idle: NodeJS.Timeout }>();
  const forget = (id: string): void => {
    const exchange = exchanges.get(id);
    if (exchange === undefined) return;
    exchanges.delete(id);
    clearTimeout(exchange.idle);
    exchange.socket.close();
  };
  const open = (id: string, client: { readonly address: string; readonly port: number }): DatagramSocket => {
    const socket = createSocket("udp4");
    socket.on("message", (message) => server.send(message, client.port, client.address));
    socket.on("error", () => forget(id));
    exchanges.set(id, { socket, idle: setTimeout(() => forget(id), exchangeIdle) });
    return socket;
  };
  const take = async (message: Buffer, client: { readonly address: string; readonly port: number }): Promise<void> => {
    const id = `${client.address}:${client.port}`;
    const known = exchanges.get(id);
    if (known !== undefined) {
      clearTimeout(known.idle);
      known.idle = setTimeout(() => forget(id), exchangeIdle);
      known.socket.send(message);
      return;
    }
    const [target] = shuffled(await options.targets());
    if (target === undefined) return;
    const socket = open(id, client);
    socket.connect(options.targetPort, target, () => socket.send(message));
  };
  server.on("message", (message, client) => void take(message, client).catch(() => undefined));
  return () => {
    for (const id of exchanges.keys()) forget(id);
  };
}

/** Begins to forward; resolves once connections are taken. */
export async function forward(options: ForwardOptions): Promise<Forwarder> {
  if (options.protocol === "udp") {
    const server = createSocket("udp4");
    const end = forwardDatagrams(server, options);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.bind(options.port, options.host, resolve);
    });
    return {
      port: server.address().port,
      close() {
        end();
        server.close();
      },
    };
  }
  const server = streamServer(options);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A server on a port has an address.");
  return { port: address.port, close: () => void server.close() };
}

/** What a forwarder writes once it takes connections. */
export const readyLine = "ready";

/** Where the ingress keeps the certificates that its own authority gave. */
const certificateFolder = "/shared/caddy/caddy/certificates/local";

/** The forwarder as its container runs it: arguments as {@link Forwarders} writes them. Goes on until the process is told to end. */
export async function forwardProgram(args: readonly string[]): Promise<void> {
  const [protocol = "", port = "", name = "", targetPort = "", dnsAddress = "", certified = ""] = args;
  if (protocol !== "tcp" && protocol !== "tls" && protocol !== "udp")
    throw new Error(`A forwarder takes tcp, tls or udp, and not "${protocol}".`);
  const resolver = new Resolver({ timeout: 1_000, tries: 2 });
  resolver.setServers([dnsAddress]);
  const pem = (ending: string): string => readFileSync(`${certificateFolder}/${certified}/${certified}.${ending}`, "utf8");
  const forwarder = await forward({
    protocol,
    host: "0.0.0.0",
    port: Number(port),
    targetPort: Number(targetPort),
    targets: () => resolver.resolve4(name.replace(/\.$/, "")),
    certificate: () => ({ cert: pem("crt"), key: pem("key") }),
  });
  process.stdout.write(`${readyLine}\n`);
  await new Promise<void>((resolve) => process.once("SIGTERM", resolve));
  forwarder.close();
}
