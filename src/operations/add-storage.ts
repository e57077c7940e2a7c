import { join } from "node:path";
import { storageFiles, type StorageFile } from "../addons/storage/storage-files.ts";
import type { StorageRequest } from "../addons/storage/storage-request.ts";
import type { Files } from "../platform/files.ts";

/** A file of storage, and what became of it: one that was there stays as it is. */
export interface WrittenStorageFile extends StorageFile {
  /** From the workspace root. */
  readonly path: string;
  readonly outcome: "created" | "exists";
}

/** Writes the addon files of a piece of storage into the workspace. */
export function addStorage(
  request: StorageRequest,
  { files, root }: { readonly files: Pick<Files, "create">; readonly root: string },
): Promise<readonly WrittenStorageFile[]> {
  return Promise.all(
    storageFiles(request).map(async (file) => {
      const path = `copilot/${file.path}`;
      return { ...file, path, outcome: await files.create(join(root, path), file.content) };
    }),
  );
}
