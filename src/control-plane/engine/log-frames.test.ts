import fc from "fast-check";
import { expect, test } from "vitest";
import type { EngineLogLine } from "./engine.ts";
import { readLogLines } from "./log-frames.ts";

function frame(kind: 1 | 2, text: string): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = kind;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

async function linesOf(chunks: readonly Uint8Array[]): Promise<readonly EngineLogLine[]> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  const lines: EngineLogLine[] = [];
  for await (const line of readLogLines(stream())) lines.push(line);
  return lines;
}

const t = "2026-01-01T00:00:00.000000001Z";
const bytes = Buffer.concat([
  frame(1, `${t} one\n`),
  frame(2, `${t} wrong\r\n`),
  frame(1, `${t} half of `),
  frame(2, `${t} between\n`),
  frame(1, "a löng line\n"),
  frame(1, `${t} without an end`),
]);
const expected = [
  { at: t, stream: "stdout", message: "one" },
  { at: t, stream: "stderr", message: "wrong" },
  { at: t, stream: "stderr", message: "between" },
  { at: t, stream: "stdout", message: "half of a löng line" },
  { at: t, stream: "stdout", message: "without an end" },
];

test("lines are put together however the stream is cut into chunks", async () => {
  expect(await linesOf([bytes])).toEqual(expected);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 8 }), async (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const chunks = places.slice(1).map((place, index) => bytes.subarray(places[index], place));
      expect(await linesOf(chunks)).toEqual(expected);
    }),
  );
});
