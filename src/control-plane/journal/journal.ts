import { open, readFile, rename, truncate, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

/** What the journal said when it was opened. */
export interface JournalContents {
  /** The value of the last {@link Journal.compact}. */
  readonly snapshot: unknown;
  /** What happened after it, oldest first. */
  readonly events: readonly unknown[];
}

const snapshotMark = "snapshot";

interface PendingEvent {
  readonly line: string;
  readonly written: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * An append-only file of JSON lines: what has happened, in order. A line counts once its newline is on the disk, so a line that a crash
 * cut short has not happened and is dropped when the journal is opened.
 */
export class Journal implements AsyncDisposable {
  readonly #path: string;
  #file: FileHandle;
  #bytes: number;
  #last: Promise<unknown> = Promise.resolve();
  #pending: PendingEvent[] = [];

  private constructor(path: string, file: FileHandle, bytes: number) {
    this.#path = path;
    this.#file = file;
    this.#bytes = bytes;
  }

  /** Opens or makes the journal. Rejects when a line other than the last is no JSON: the file was damaged by someone else. */
  static async open(path: string): Promise<{ readonly journal: Journal; readonly contents: JournalContents }> {
    const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return Buffer.alloc(0);
      throw error;
    });
    const length = bytes.lastIndexOf(0x0a) + 1;
    if (length < bytes.length) await truncate(path, length);
    const lines = bytes
      .subarray(0, length)
      .toString("utf8")
      .split("\n")
      .filter((line) => line !== "");
    const contents = toContents(lines.map((line, index) => parseLine(path, line, index + 1)));
    const file = await open(path, "a", 0o600);
    await syncDirectory(path);
    return { journal: new Journal(path, file, length), contents };
  }

  /** Size of the file in bytes, for deciding when to compact. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Resolves once the event would survive a power cut; `written` is called right then, before anything else is written, so that a
   * snapshot which {@link compact} takes is never behind the file. Events that are appended together share one flush to the disk.
   */
  append(event: object, written: () => void = () => undefined): Promise<void> {
    const appended = new Promise<void>((resolve, reject) => {
      this.#pending.push({ line: `${JSON.stringify(event)}\n`, written, resolve, reject });
    });
    void this.#enqueue(() => this.#flush());
    return appended;
  }

  /** Replaces everything so far by one value that says the same. A crash leaves either the old file or the new one. */
  compact(snapshot: () => unknown): Promise<void> {
    return this.#enqueue(async () => {
      await this.#flush();
      const line = `${JSON.stringify({ [snapshotMark]: snapshot() })}\n`;
      const next = `${this.#path}.next`;
      const file = await open(next, "w", 0o600);
      await file.appendFile(line);
      await file.sync();
      await rename(next, this.#path);
      await syncDirectory(this.#path);
      const old = this.#file;
      this.#file = file;
      this.#bytes = Buffer.byteLength(line);
      await old.close();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await this.#file.close();
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #flush(): Promise<void> {
    const batch = this.#pending;
    this.#pending = [];
    if (batch.length === 0) return;
    const text = batch.map((entry) => entry.line).join("");
    try {
      await this.#file.appendFile(text);
      await this.#file.datasync();
      this.#bytes += Buffer.byteLength(text);
    } catch (error) {
      await this.#file.truncate(this.#bytes).catch(() => undefined);
      for (const entry of batch) entry.reject(error);
      return;
    }
    for (const entry of batch) {
      entry.written();
      entry.resolve();
    }
  }
}

function parseLine(path: string, line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Error(`The journal ${path} is damaged at line ${number}.`, { cause: error });
  }
}

function toContents(values: readonly unknown[]): JournalContents {
  const [first, ...rest] = values;
  if (typeof first === "object" && first !== null && snapshotMark in first) return { snapshot: first[snapshotMark], events: rest };
  return { snapshot: undefined, events: values };
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(dirname(path), "r");
  await directory.sync().catch(() => undefined);
  await directory.close();
}
