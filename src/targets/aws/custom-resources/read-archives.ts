import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { functionArchiveKey } from "./archive-key.ts";
import { functionSets, type FunctionOwner } from "./functions.ts";

/** A function's code, ready for the artifact bucket. */
export interface FunctionArchive {
  /** Logical ID of the function in the template. */
  readonly logicalId: string;
  readonly key: string;
  readonly content: Uint8Array;
}

/** The archives of all functions that a template of this kind may have, from the folder that the build wrote (`custom-resources` in `dist`). */
export function readFunctionArchives(folder: string, owner: FunctionOwner): Promise<readonly FunctionArchive[]> {
  return Promise.all(
    functionSets[owner].map(async ({ logicalId, source }) => {
      const content = new Uint8Array(await readFile(join(folder, `${source}.zip`)));
      return { logicalId, key: functionArchiveKey(logicalId, content), content };
    }),
  );
}
