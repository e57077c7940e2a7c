import { mkdtemp, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { engineRecordFile, readEngineRecord, removeEngineRecord, writeEngineRecord } from "./engine-record.ts";

describe("the record of an engine", () => {
  it("is read back, is its owner's alone, and is gone once removed", async () => {
    const file = engineRecordFile(await mkdtemp(join(tmpdir(), "record-")), "unix:///x", "default");
    await writeEngineRecord(file, { engine: "E", port: 7000, token: "t" });
    expect(await readEngineRecord(file)).toEqual({ engine: "E", port: 7000, token: "t" });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await removeEngineRecord(file);
    expect(await readEngineRecord(file)).toBeUndefined();
  });

  it("is one of those written, whole, where commands write it at once", async () => {
    const file = engineRecordFile(await mkdtemp(join(tmpdir(), "record-")), "unix:///x", "default");
    const records = Array.from({ length: 20 }, (_, port) => ({ engine: "E", port, token: "t".repeat(port) }));
    await Promise.all(records.map((record) => writeEngineRecord(file, record)));
    expect(records).toContainEqual(await readEngineRecord(file));
  });

  it("is not believed when damaged", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "record-")), "x.json");
    for (const text of ["", "{", "[]", '{"engine":"E","port":"7000","token":"t"}']) {
      await writeFile(file, text);
      expect(await readEngineRecord(file)).toBeUndefined();
    }
  });

  it("is one for each engine and instance", () => {
    const files = [engineRecordFile("d", "a", "x"), engineRecordFile("d", "b", "x"), engineRecordFile("d", "a", "y")];
    expect(new Set(files).size).toBe(3);
  });
});
