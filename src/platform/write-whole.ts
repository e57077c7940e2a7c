import { randomBytes } from "node:crypto";
import { access, mkdir, open, realpath, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** How a file is written. */
export interface WriteOptions {
  /** Only its owner may read it, and look into the folders that are made for it. */
  readonly isPrivate?: boolean;
  /** The disk has it when the promise is kept: not even a loss of power takes it away. */
  readonly isLasting?: boolean;
}

/**
 * Writes a file whole or not at all, with the folders that it needs: whoever reads meanwhile finds what was there before, a kill half way leaves
 * that too, and of several at once one wins. A link stays, and the file that it leads to is written. Rejects with the system's error, and then
 * leaves nothing behind.
 */
export async function writeWhole(file: string, text: string, { isPrivate = false, isLasting = false }: WriteOptions = {}): Promise<void> {
  await makeFolder(dirname(file), isPrivate ? 0o700 : 0o777);
  const place = await realpath(file).catch(() => file);
  const draft = `${place}.${randomBytes(6).toString("hex")}.draft`;
  try {
    const handle = await open(draft, "wx", isPrivate ? 0o600 : 0o666);
    try {
      await handle.writeFile(text);
      if (isLasting) await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, place);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Makes a folder and those above it. Node.js' own way never ends where the system refuses a folder as missing, as it does below /proc. */
export async function makeFolder(folder: string, mode = 0o777): Promise<void> {
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  const parent = dirname(folder);
  if (parent !== folder) await makeFolder(parent, mode);
  await mkdir(folder, { mode }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
}
