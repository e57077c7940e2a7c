import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runProgram } from "./program-loader.ts";

/** What the program of these tests says; programs share no other place with their loader than the process. */
const said = (): unknown => Reflect.get(process, "copilotLoaderTest");

const files = {
  "program.cjs": `const { greet } = require("./chunks/greet.cjs"); process.copilotLoaderTest = greet("one");`,
  "chunks/greet.cjs": `const { sep } = require("node:path"); exports.known = true; const back = require("../chunks/back.cjs");
exports.greet = (name) => [name, back.whole(), sep === "/" || sep === "\\\\", __filename.endsWith("greet.cjs")].join(" ");`,
  "chunks/back.cjs": `const greet = require("./greet.cjs"); exports.whole = () => greet.known && typeof greet.greet;`,
};

function programOf(contents: Readonly<Record<string, string>> = files): { readonly program: string; readonly folder: string } {
  const root = mkdtempSync(join(tmpdir(), "copilot-loader-"));
  onTestFinished(() => {
    rmSync(root, { recursive: true, force: true });
    Reflect.deleteProperty(process, "copilotLoaderTest");
  });
  mkdirSync(join(root, "chunks"));
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(root, name), text);
  return { program: join(root, "program.cjs"), folder: join(root, "kept") };
}

/** Names of the kept files with what tells whether they were written anew. */
const keptOf = (folder: string): readonly string[] => readdirSync(folder).map((name) => `${name} ${statSync(join(folder, name)).ino}`);
const keptFile = (folder: string, start: string): string =>
  join(folder, readdirSync(folder).find((name) => name.startsWith(start)) ?? "missing");

test("a program runs with the files that it requires, each loaded once, also those that require each other", () => {
  const { program } = programOf();
  runProgram(program, undefined)();
  expect(said()).toBe("one function true true");
});

test("what was compiled is kept for its user alone, and the next process writes nothing", () => {
  const { program, folder } = programOf();
  runProgram(program, folder)();
  const kept = keptOf(folder);
  expect(kept).toHaveLength(3);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  runProgram(program, folder)();
  expect(said()).toBe("one function true true");
  expect(keptOf(folder)).toEqual(kept);
});

test("a file that changed runs as it is now, though its length is the same", () => {
  const { program, folder } = programOf();
  runProgram(program, folder)();
  writeFileSync(program, files["program.cjs"].replace("one", "two"));
  runProgram(program, folder)();
  expect(said()).toBe("two function true true");
});

test.each([
  ["damaged", (bytes: Buffer) => Buffer.from(bytes.map((byte, index) => (index > bytes.length / 2 ? 0 : byte)))],
  ["cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
  ["empty", () => Buffer.alloc(0)],
  ["shorter than its header", (bytes: Buffer) => bytes.subarray(0, 5)],
])("what is kept and %s is not used, and is replaced", (_, change) => {
  const { program, folder } = programOf();
  runProgram(program, folder)();
  const file = keptFile(folder, "greet");
  const whole = readFileSync(file);
  writeFileSync(file, change(whole));
  runProgram(program, folder)();
  expect(said()).toBe("one function true true");
  expect(readFileSync(file)).toHaveLength(whole.length);
});

test("what was kept more than a month ago is removed when something is kept", () => {
  const { program, folder } = programOf();
  mkdirSync(folder);
  for (const [name, days] of Object.entries({ old: 31, recent: 29 })) {
    writeFileSync(join(folder, name), "x");
    const then = new Date(Date.now() - days * 24 * 3600 * 1000);
    utimesSync(join(folder, name), then, then);
  }
  runProgram(program, folder)();
  expect(readdirSync(folder)).toContain("recent");
  expect(readdirSync(folder)).not.toContain("old");
});

test("a folder that cannot be made is no failure", () => {
  const { program } = programOf();
  writeFileSync(join(program, "..", "file"), "");
  runProgram(program, join(program, "..", "file", "kept"))();
  expect(said()).toBe("one function true true");
});

test("a folder that the system calls missing when it is made does not keep the process from ending", (context) => {
  if (process.platform !== "linux") context.skip("only Linux has /proc");
  const { program } = programOf();
  runProgram(program, "/proc/copilot/compiled")();
  expect(said()).toBe("one function true true");
});

test("a mistake while the program starts is thrown as it is", () => {
  const { program, folder } = programOf({ "program.cjs": `throw new TypeError("no such thing");` });
  expect(() => runProgram(program, folder)).toThrow(new TypeError("no such thing"));
});
