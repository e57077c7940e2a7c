import { strToU8, zipSync } from "fflate";

/** The file in an archive that Lambda loads. */
export const ARCHIVE_FILE = "index.js";

/** The earliest time that a zip can tell. It is of the local clock, as are all times in a zip, so every machine writes the same. */
const FIXED_TIME = new Date(1980, 0, 1);

/** The zip of a function's code. The same code gives the same bytes. */
export function toFunctionArchive(code: string): Uint8Array {
  return zipSync({ [ARCHIVE_FILE]: [strToU8(code), { mtime: FIXED_TIME, level: 9 }] });
}
