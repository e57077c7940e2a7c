import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { Script } from "node:vm";
import { crc32 } from "node:zlib";

/** The exports of a CommonJS file. */
type Exports = Record<string, unknown>;

/** A file that this process compiled itself. */
interface Compiled {
  readonly file: string;
  readonly checksum: number;
  readonly script: Script;
}

/** Before the data stand the checksums of the source and of the data itself. */
const headerBytes = 8;
const keptForMilliseconds = 30 * 24 * 3600 * 1000;

/**
 * Runs a bundled program whose files are CommonJS with what an earlier process kept of them in `folder`. Answers what keeps in there, for the next
 * one, the code that this process had to compile itself; call it when the process ends, for V8 compiles a function when it is first called
 * (decision 0096). Without a folder, or where it cannot be used, programs only start more slowly.
 */
export function runProgram(program: string, folder: string | undefined): () => void {
  const native = createRequire(program);
  const loaded = new Map<string, { exports: Exports }>();
  const fresh: Compiled[] = [];

  const load = (file: string): Exports => {
    const known = loaded.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    loaded.set(file, module);
    const source = readFileSync(file);
    const checksum = crc32(source);
    const cachedData = folder === undefined ? undefined : readKept(keptFile(folder, file), checksum);
    const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source.toString("utf8")}\n})`, {
      filename: file,
      ...(cachedData !== undefined && { cachedData }),
    });
    if (cachedData === undefined || script.cachedDataRejected === true) fresh.push({ file, checksum, script });
    const run: unknown = script.runInThisContext();
    if (typeof run !== "function") throw new Error(`${file} is not a file of this program`);
    const require = (name: string): unknown => (name.startsWith(".") ? load(resolve(dirname(file), name)) : native(name));
    Reflect.apply(run, module.exports, [module.exports, require, module, file, dirname(file)]);
    return module.exports;
  };

  load(program);
  return () => {
    if (folder !== undefined && fresh.length > 0) keep(folder, fresh);
  };
}

/** Another Node.js would refuse what this one kept. */
const keptFile = (folder: string, file: string): string => join(folder, `${basename(file)}-${process.version}-${process.arch}`);

/** V8 trusts what it is given: of another source it would run the old code, and damaged by a disk or a power cut it would crash. */
function readKept(file: string, checksum: number): Buffer | undefined {
  try {
    const bytes = readFileSync(file);
    const data = bytes.subarray(headerBytes);
    return bytes.readUInt32LE(0) === checksum && bytes.readUInt32LE(4) === crc32(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

function keep(folder: string, scripts: readonly Compiled[]): void {
  try {
    makeFolder(folder);
    for (const { file, checksum, script } of scripts) {
      const data = script.createCachedData();
      const header = Buffer.alloc(headerBytes);
      header.writeUInt32LE(checksum, 0);
      header.writeUInt32LE(crc32(data), 4);
      writeKept(keptFile(folder, file), Buffer.concat([header, data]));
    }
    removeOld(folder);
  } catch {
    // The next start is only slower.
  }
}

/** Writes a file whole; a disk that is full gets back what half of it took. */
function writeKept(file: string, bytes: Buffer): void {
  const draft = `${file}.${process.pid}.draft`;
  try {
    writeFileSync(draft, bytes, { mode: 0o600 });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Makes a folder and those above it. Node.js' own way never ends where the system refuses a folder as missing, as it does below /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

function removeOld(folder: string): void {
  const oldest = Date.now() - keptForMilliseconds;
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (statSync(file).mtimeMs < oldest) rmSync(file, { force: true });
  }
}
