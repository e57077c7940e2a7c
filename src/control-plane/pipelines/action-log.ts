import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes lines with their time to a file, a value at a time, and keeps the last few for errors. */
export class ActionLog {
  readonly #stream: WriteStream;
  readonly #now: () => Date;
  readonly #onLine: (at: string, line: string) => void;
  readonly #last: string[] = [];
  #problem: Error | undefined;

  private constructor(stream: WriteStream, now: () => Date, onLine: (at: string, line: string) => void) {
    this.#stream = stream;
    this.#now = now;
    this.#onLine = onLine;
    stream.on("error", (error) => (this.#problem = error));
  }

  /** Opens the log for more lines. */
  static async open(path: string, now: () => Date, onLine: (at: string, line: string) => void): Promise<ActionLog> {
    await mkdir(dirname(path), { recursive: true });
    return new ActionLog(createWriteStream(path, { flags: "a", mode: 0o600 }), now, onLine);
  }

  /** What went wrong with the file, such as a full disk. */
  get problem(): Error | undefined {
    return this.#problem;
  }

  /** The last twenty lines. */
  get lastLines(): readonly string[] {
    return this.#last;
  }

  /** Writes what may be several lines. */
  write(text: string): void {
    for (const line of text.split("\n")) this.#writeLine(line);
  }

  #writeLine(line: string): void {
    const at = this.#now().toISOString();
    this.#last.push(line);
    if (this.#last.length > 20) this.#last.shift();
    if (this.#problem === undefined) this.#stream.write(`${at} ${line}\n`);
    this.#onLine(at, line);
  }

  async close(): Promise<void> {
    if (this.#problem !== undefined) return;
    await new Promise<void>((resolve) => {
      this.#stream.on("error", () => resolve());
      this.#stream.end(resolve);
    });
  }
}
