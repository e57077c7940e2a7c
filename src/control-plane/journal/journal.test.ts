import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Journal } from "./journal.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "copilot-journal-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("what was appended is there when the journal is opened again", async () => {
  const path = join(directory, "journal.jsonl");
  {
    const { journal, contents } = await Journal.open(path);
    expect(contents).toEqual({ snapshot: undefined, events: [] });
    await Promise.all([journal.append({ n: 1 }), journal.append({ n: 2 })]);
    await journal.append({ n: 3 });
    await journal[Symbol.asyncDispose]();
  }
  const again = await Journal.open(path);
  await again.journal[Symbol.asyncDispose]();
  expect(again.contents.events).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
});

test("a file cut at any byte holds exactly the whole lines before the cut, and goes on from there", async () => {
  const events = [{ name: "ä" }, { name: "two\nlines" }, { name: "x".repeat(50) }];
  const text = events.map((event) => `${JSON.stringify(event)}\n`).join("");
  const bytes = Buffer.from(text);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: bytes.length }), async (cut) => {
      const path = join(directory, `cut-${cut}.jsonl`);
      await writeFile(path, bytes.subarray(0, cut));
      const whole = bytes.subarray(0, cut).toString("latin1").split("\n").length - 1;
      const first = await Journal.open(path);
      expect(first.contents.events).toEqual(events.slice(0, whole));
      await first.journal.append({ name: "after" });
      await first.journal[Symbol.asyncDispose]();
      const second = await Journal.open(path);
      expect(second.contents.events).toEqual([...events.slice(0, whole), { name: "after" }]);
      await second.journal[Symbol.asyncDispose]();
    }),
    { numRuns: 40 },
  );
});

test("compacting keeps what was said and the events which follow", async () => {
  const path = join(directory, "journal.jsonl");
  const first = await Journal.open(path);
  await first.journal.append({ n: 1 });
  await first.journal.compact(() => ({ total: 1 }));
  await first.journal.append({ n: 2 });
  await first.journal[Symbol.asyncDispose]();
  const second = await Journal.open(path);
  expect(second.contents).toEqual({ snapshot: { total: 1 }, events: [{ n: 2 }] });
  await second.journal[Symbol.asyncDispose]();
  expect((await readFile(path, "utf8")).split("\n")).toHaveLength(3);
});

test("damage in the middle is an error that names the line", async () => {
  const path = join(directory, "journal.jsonl");
  await writeFile(path, '{"n":1}\n');
  await appendFile(path, 'not json\n{"n":2}\n');
  await expect(Journal.open(path)).rejects.toThrow("line 2");
});
