import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { readFileSync, watch } from "node:fs";
import { createServer, connect, type Server, type Socket as Connection } from "node:net";
import { dirname } from "node:path";
import { AUTHORITATIVE_ANSWER, decode, encode, RECURSION_AVAILABLE, RECURSION_DESIRED, TRUNCATED_RESPONSE, type Packet } from "dns-packet";
import { lookUp, readZone, serialName, type Zone } from "./zone.ts";

/** How the name server is run. */
export interface NameProgramOptions {
  readonly zoneFile: string;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Who is asked for names that are not ours. */
  readonly upstream: { readonly host: string; readonly port: number };
}

/** A name server that answers. */
export interface NameProgram {
  readonly port: number;
  close(): void;
}

/** Codes of answers. */
const noSuchName = 3;
const failed = 2;
/** Bytes of an answer over UDP that every asker takes. */
const datagramSize = 512;
/** Milliseconds that a server elsewhere has to answer. */
const upstreamPatience = 4_000;

/** The zone as its file has it; read again when the file changes. A file that cannot be read leaves what was known. */
class ZoneFile {
  #zone: Zone = { serial: 0, environments: [] };
  readonly #file: string;
  readonly #watcher: ReturnType<typeof watch>;

  constructor(file: string) {
    this.#file = file;
    this.reload();
    this.#watcher = watch(dirname(file), () => this.reload());
  }

  get zone(): Zone {
    return this.#zone;
  }

  reload(): void {
    try {
      this.#zone = readZone(readFileSync(this.#file, "utf8")) ?? this.#zone;
    } catch {
      // Before the first names there is no file.
    }
  }

  close(): void {
    this.#watcher.close();
  }
}

/** Our own answer to a query, or `undefined` when it is to be asked elsewhere. Queries that cannot be read get no answer at all. */
function answer(query: Buffer, from: string, zoneFile: ZoneFile): Buffer | "elsewhere" | undefined {
  let packet: Packet;
  try {
    packet = decode(query);
  } catch {
    return undefined;
  }
  const question = packet.questions?.[0];
  if (packet.type !== "query" || question === undefined) return undefined;
  if (question.name === serialName) zoneFile.reload();
  const found = lookUp(zoneFile.zone, question, { address: from.replace(/^::ffff:/, ""), random: Math.random });
  if (found.kind === "elsewhere") return "elsewhere";
  const flags = AUTHORITATIVE_ANSWER | RECURSION_AVAILABLE | ((packet.flags ?? 0) & RECURSION_DESIRED);
  return encode({
    type: "response",
    id: packet.id ?? 0,
    flags: flags | (found.kind === "unknown" ? noSuchName : 0),
    questions: [question],
    answers: found.kind === "answers" ? [...found.answers] : [],
  });
}

/** An answer that says only that something went wrong, or that it was too long. */
function emptyAnswer(query: Buffer, flags: number): Buffer {
  const { id, questions } = decode(query);
  return encode({ type: "response", id: id ?? 0, flags: RECURSION_AVAILABLE | flags, questions: questions ?? [] });
}

function askElsewhere(query: Buffer, upstream: NameProgramOptions["upstream"], reply: (answer: Buffer) => void): void {
  const socket = createSocket("udp4");
  const end = (text: Buffer): void => {
    clearTimeout(timer);
    socket.close();
    reply(text);
  };
  const timer = setTimeout(() => end(emptyAnswer(query, failed)), upstreamPatience);
  socket.once("message", end);
  socket.once("error", () => end(emptyAnswer(query, failed)));
  // Connected, it hears at once when nobody listens there.
  socket.connect(upstream.port, upstream.host, () => socket.send(query));
}

function answerDatagrams(socket: Socket, zoneFile: ZoneFile, options: NameProgramOptions): void {
  socket.on("message", (query: Buffer, { address, port }: RemoteInfo) => {
    const send = (text: Buffer): void => socket.send(text, port, address);
    const own = answer(query, address, zoneFile);
    if (own === "elsewhere") askElsewhere(query, options.upstream, send);
    else if (own !== undefined) send(own.length <= datagramSize ? own : emptyAnswer(query, TRUNCATED_RESPONSE));
  });
}

/** Calls back with each message of a stream in which its length comes before it. */
function readMessages(connection: Connection, onMessage: (message: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  connection.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
      const end = 2 + rest.readUInt16BE(0);
      onMessage(rest.subarray(2, end));
      rest = rest.subarray(end);
    }
  });
}

function withLength(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

function answerConnections(zoneFile: ZoneFile, options: NameProgramOptions): Server {
  return createServer((connection) => {
    connection.setTimeout(upstreamPatience * 2, () => connection.destroy());
    connection.on("error", () => connection.destroy());
    readMessages(connection, (query) => {
      const own = answer(query, connection.remoteAddress ?? "", zoneFile);
      if (own === undefined) connection.destroy();
      else if (own !== "elsewhere") connection.write(withLength(own));
      else {
        const elsewhere = connect(options.upstream.port, options.upstream.host, () => elsewhere.write(withLength(query)));
        elsewhere.setTimeout(upstreamPatience, () => elsewhere.destroy());
        elsewhere.on("error", () => connection.destroy());
        readMessages(elsewhere, (text) => {
          connection.write(withLength(text));
          elsewhere.end();
        });
      }
    });
  });
}

/** Answers names out of the zone's file over UDP and TCP; resolves once it does. */
export async function serveNames(options: NameProgramOptions): Promise<NameProgram> {
  const zoneFile = new ZoneFile(options.zoneFile);
  const datagrams = createSocket("udp4");
  answerDatagrams(datagrams, zoneFile, options);
  await new Promise<void>((resolve, reject) => {
    datagrams.once("error", reject);
    datagrams.bind(options.port, options.host, resolve);
  });
  datagrams.removeAllListeners("error").on("error", () => undefined);
  const { port } = datagrams.address();
  const connections = answerConnections(zoneFile, options);
  await new Promise<void>((resolve, reject) => {
    connections.once("error", reject);
    connections.listen(port, options.host, resolve);
  });
  return {
    port,
    close() {
      zoneFile.close();
      datagrams.close();
      connections.close();
    },
  };
}

/** The name server as its container runs it. Goes on until the process is told to end. */
export async function nameProgram(): Promise<void> {
  const program = await serveNames({
    zoneFile: "/shared/discovery/zone.json",
    host: "0.0.0.0",
    port: 53,
    // The engine's own resolver, which knows the servers of the host.
    upstream: { host: "127.0.0.11", port: 53 },
  });
  await new Promise<void>((resolve) => process.once("SIGTERM", resolve));
  program.close();
}
