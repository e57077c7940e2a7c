import { createReadStream } from "node:fs";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { extract } from "tar-stream";

/** Text of the first of `paths` that a tar archive has; `undefined` when it has none of them. Paths are compared without `./` in front. */
export async function readFromArchive(
  file: string,
  paths: readonly string[],
): Promise<{ readonly path: string; readonly text: string } | undefined> {
  const wanted = paths.map(plain);
  const found = new Map<string, string>();
  for await (const { name, content } of readArchive(createReadStream(file)))
    if (wanted.includes(plain(name))) found.set(plain(name), content);
  const path = wanted.find((candidate) => found.has(candidate));
  return path === undefined ? undefined : { path, text: found.get(path) ?? "" };
}

/** The files of a tar archive, one after another. */
export async function* readArchive(archive: Readable): AsyncGenerator<{ readonly name: string; readonly content: string }> {
  const reader = extract();
  archive.on("error", (error) => reader.destroy(error));
  archive.pipe(reader);
  for await (const entry of reader) {
    if (entry.header.type === "file") yield { name: entry.header.name, content: await text(entry) };
    else entry.resume();
  }
}

const plain = (path: string): string => path.replace(/^(?:\.\/)+/, "");
