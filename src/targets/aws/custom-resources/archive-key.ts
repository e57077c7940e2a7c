import { createHash } from "node:crypto";

/** The key of a function's archive in the artifact bucket: other content, other key. */
export function functionArchiveKey(logicalId: string, archive: Uint8Array): string {
  const hash = createHash("sha256").update(archive).digest("hex");
  return `manual/scripts/custom-resources/${logicalId.toLowerCase()}/${hash}.zip`;
}
