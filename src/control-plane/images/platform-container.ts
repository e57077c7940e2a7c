import { readFile } from "node:fs/promises";
import { pack } from "tar-stream";
import type { ContainerRequest, Engine, EngineContainer } from "../engine/engine.ts";

/** Where the program is in every container of the platform. */
export const platformProgram = "/copilot/control-plane.js";
/** Says which shape of container the program at hand wants: one of another edition is replaced, a new build alone replaces none. */
export const editionLabel = "copilot.edition";

/** What platform containers are made with. */
export interface PlatformContainers {
  readonly engine: Engine;
  /** Our own program, bundled into one file. */
  readonly programFile: string;
}

async function programArchive(file: string): Promise<Uint8Array> {
  const archive = pack();
  archive.entry({ name: platformProgram.slice(1), mode: 0o644, mtime: new Date(0) }, await readFile(file));
  archive.entry({ name: "copilot/package.json", mode: 0o644, mtime: new Date(0) }, '{"type":"module"}\n');
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A container that exists and is of the edition and image wanted is started and kept; any other is replaced. */
export async function ensurePlatformContainer(
  { engine, programFile }: PlatformContainers,
  request: ContainerRequest,
  program: "with-program" | "without-program",
): Promise<EngineContainer> {
  const found = await engine.inspectContainer(request.name);
  const image = await engine.inspectImage(request.image);
  const kept = found !== undefined && found.labels[editionLabel] === request.labels[editionLabel] && found.imageId === image?.id;
  if (!kept) {
    if (found !== undefined) await engine.removeContainer(found.id);
    const id = await engine.createContainer(request);
    if (program === "with-program") await engine.putArchive(id, "/", await programArchive(programFile));
  }
  if (found?.state !== "running" || !kept) await engine.startContainer(request.name);
  const running = await engine.inspectContainer(request.name);
  if (running === undefined) throw new Error(`The engine lost ${request.name} while it was started.`);
  return running;
}
