import { Duplex, type Readable, type Writable } from "node:stream";

const frame = { message: 1, open: 2, data: 3, end: 4, close: 5, credit: 6 } as const;
type FrameType = (typeof frame)[keyof typeof frame];

const headerLength = 9;
/** Bytes that may be on their way in one channel before the other side has taken them. */
const windowBytes = 512 * 1024;

/** What the owner of a connection hears. */
export interface ConnectionListener {
  /** A JSON value that the other side sent. */
  readonly onMessage: (message: unknown) => void;
  /** The other side opened a channel; nobody else reads it. */
  readonly onChannel: (label: string, channel: Duplex) => void;
  /** The other side is gone; every channel is closed by then. */
  readonly onClose: () => void;
}

/**
 * JSON messages and any number of byte channels over one pair of streams, such as the standard input and output of a program in a container.
 * A channel that nobody reads holds up itself only. Both sides must be of the same build: the format has no version.
 */
export class Connection {
  readonly #output: Writable;
  readonly #listener: ConnectionListener;
  readonly #channels = new Map<number, Channel>();
  #rest: Buffer = Buffer.alloc(0);
  #nextId: number;
  #closed = false;

  /** Of the two sides one is the `opener`, so that they never choose the same channel number. */
  constructor(streams: { readonly input: Readable; readonly output: Writable }, side: "opener" | "other", listener: ConnectionListener) {
    this.#output = streams.output;
    this.#listener = listener;
    this.#nextId = side === "opener" ? 1 : 2;
    streams.input.on("data", (chunk: Buffer) => this.#receive(chunk));
    streams.input.on("end", () => this.#end());
    streams.input.on("close", () => this.#end());
    streams.input.on("error", () => this.#end());
    streams.output.on("error", () => this.#end());
  }

  send(message: unknown): void {
    this.#write(frame.message, 0, Buffer.from(JSON.stringify(message)));
  }

  /** A channel that the other side hears of by its label. */
  open(label: string): Duplex {
    const id = this.#nextId;
    this.#nextId += 2;
    this.#write(frame.open, id, Buffer.from(label));
    return this.#add(id);
  }

  /** Resolves once everything that was sent has left this process. */
  flush(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#closed) resolve();
      else this.#output.write(Buffer.alloc(0), () => resolve());
    });
  }

  #add(id: number): Channel {
    const channel = new Channel({
      send: (payload) => this.#write(frame.data, id, payload),
      end: () => this.#write(frame.end, id),
      credit: (bytes) => this.#write(frame.credit, id, uint32(bytes)),
      closed: (told) => {
        this.#channels.delete(id);
        if (!told) this.#write(frame.close, id);
      },
    });
    this.#channels.set(id, channel);
    if (this.#closed) channel.destroy();
    return channel;
  }

  #write(type: FrameType, channel: number, payload: Buffer = Buffer.alloc(0)): void {
    if (this.#closed) return;
    const header = Buffer.alloc(headerLength);
    header.writeUInt8(type, 0);
    header.writeUInt32BE(channel, 1);
    header.writeUInt32BE(payload.length, 5);
    this.#output.write(Buffer.concat([header, payload]));
  }

  #receive(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let offset = 0;
    while (this.#rest.length - offset >= headerLength) {
      const length = this.#rest.readUInt32BE(offset + 5);
      const end = offset + headerLength + length;
      if (this.#rest.length < end) break;
      this.#take(this.#rest.readUInt8(offset), this.#rest.readUInt32BE(offset + 1), this.#rest.subarray(offset + headerLength, end));
      offset = end;
    }
    if (offset > 0) this.#rest = Buffer.from(this.#rest.subarray(offset));
  }

  #take(type: number, id: number, payload: Buffer): void {
    const channel = this.#channels.get(id);
    if (type === frame.message) this.#listener.onMessage(JSON.parse(payload.toString("utf8")));
    else if (type === frame.open) this.#listener.onChannel(payload.toString("utf8"), this.#add(id));
    else if (type === frame.data) channel?.receive(Buffer.from(payload));
    else if (type === frame.end) channel?.receiveEnd();
    else if (type === frame.close) channel?.receiveClose();
    else if (type === frame.credit) channel?.receiveCredit(payload.readUInt32BE(0));
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const channel of this.#channels.values()) channel.receiveClose();
    this.#listener.onClose();
  }
}

interface ChannelWire {
  readonly send: (payload: Buffer) => void;
  readonly end: () => void;
  readonly credit: (bytes: number) => void;
  /** `told` says that the other side closed it. */
  readonly closed: (told: boolean) => void;
}

class Channel extends Duplex {
  readonly #wire: ChannelWire;
  #credit = windowBytes;
  #waiting: (() => void) | undefined;
  #unacknowledged = 0;
  #closedByOther = false;

  constructor(wire: ChannelWire) {
    super({ allowHalfOpen: true });
    this.#wire = wire;
  }

  receive(payload: Buffer): void {
    if (this.destroyed) return;
    this.#unacknowledged += payload.length;
    if (this.push(payload)) this.#acknowledge();
  }

  receiveEnd(): void {
    if (!this.destroyed) this.push(null);
  }

  receiveClose(): void {
    this.#closedByOther = true;
    this.destroy();
  }

  receiveCredit(bytes: number): void {
    this.#credit += bytes;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.();
  }

  #acknowledge(): void {
    if (this.#unacknowledged === 0) return;
    this.#wire.credit(this.#unacknowledged);
    this.#unacknowledged = 0;
  }

  override _read(): void {
    this.#acknowledge();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#sendPart(chunk, done);
  }

  /** Sends as much as the other side has room for, and the rest once it says that it has more. */
  #sendPart(chunk: Buffer, done: () => void): void {
    if (this.#credit <= 0) {
      this.#waiting = () => this.#sendPart(chunk, done);
      return;
    }
    const part = chunk.subarray(0, this.#credit);
    this.#credit -= part.length;
    this.#wire.send(part);
    if (part.length === chunk.length) done();
    else this.#sendPart(chunk.subarray(part.length), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#wire.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#waiting = undefined;
    this.#wire.closed(this.#closedByOther);
    done(error);
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
