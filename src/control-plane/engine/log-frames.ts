import type { EngineLogLine } from "./engine.ts";

const headerLength = 8;

/**
 * The lines in a container's log stream. The engine sends frames of 8 header bytes (stream kind, three zeros, big-endian length) and a
 * payload, which with `timestamps=1` starts each line with its RFC 3339 time. A frame is not a line: long ones are cut, so lines are
 * put together per stream.
 */
export async function* readLogLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<EngineLogLine> {
  let buffer = Buffer.alloc(0);
  const partial = new Map<EngineLogLine["stream"], PartialLine>();
  for await (const chunk of chunks) {
    buffer = buffer.length === 0 ? Buffer.from(chunk) : Buffer.concat([buffer, chunk]);
    while (buffer.length >= headerLength) {
      const length = buffer.readUInt32BE(4);
      if (buffer.length < headerLength + length) break;
      const stream = buffer[0] === 2 ? "stderr" : "stdout";
      const text = buffer.subarray(headerLength, headerLength + length).toString("utf8");
      buffer = buffer.subarray(headerLength + length);
      yield* takeLines(stream, text, partial);
    }
  }
  for (const [stream, line] of partial) yield { at: line.at, stream, message: line.text };
}

interface PartialLine {
  readonly at: string;
  readonly text: string;
}

function* takeLines(stream: EngineLogLine["stream"], text: string, partial: Map<EngineLogLine["stream"], PartialLine>) {
  const pieces = text.split("\n");
  const last = pieces.pop() ?? "";
  for (const piece of pieces) {
    const line = joined(partial.get(stream), piece);
    partial.delete(stream);
    yield { at: line.at, stream, message: line.text.endsWith("\r") ? line.text.slice(0, -1) : line.text };
  }
  if (last !== "") partial.set(stream, joined(partial.get(stream), last));
}

const timestamp = /^(\d{4}-\d\d-\d\dT\S+?(?:Z|[+-]\d\d:\d\d)) /;

function joined(before: PartialLine | undefined, piece: string): PartialLine {
  const match = timestamp.exec(piece);
  const text = match ? piece.slice(match[0].length) : piece;
  if (before) return { at: before.at, text: before.text + text };
  return { at: match?.[1] ?? "", text };
}
