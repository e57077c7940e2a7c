import { createHash } from "node:crypto";
import type { WorkloadSpec } from "../../../model/workload-spec.ts";
import type { SiteAssets } from "../../target.ts";
import type { S3Location } from "../workload-facts.ts";
import type { ArtifactStore } from "./artifact-store.ts";
import { contentType } from "./content-type.ts";

/** A line of the file by which a site's state machine copies: from the bucket of artifacts to the site's. Live state machines read these names. */
interface CopiedFile {
  readonly path: string;
  readonly destPath: string;
  readonly contentType: string;
}

/** Files that are on their way at once. */
const atOnce = 16;

const sha256 = (content: Uint8Array | string): string => createHash("sha256").update(content).digest("hex");

/** Puts a site's files where its stack copies them from, and says where the list of them lies. The same files give the same place. */
export async function placeSite({ name, environment }: WorkloadSpec, site: SiteAssets, store: ArtifactStore): Promise<S3Location> {
  const copied: CopiedFile[] = [];
  const waiting = site.entries.values();
  const placeNext = async (): Promise<void> => {
    for (const { key, read } of waiting) {
      const content = await read();
      const path = `local-assets/${sha256(content)}`;
      await store.place(path, content);
      copied.push({ path, destPath: key, contentType: contentType(key) });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, placeNext));
  const sorted = copied.toSorted((a, b) => compare(a.path, b.path) || compare(a.destPath, b.destPath));
  const mapping = JSON.stringify(sorted);
  return store.place(`local-assets/environments/${environment}/workloads/${name}/mapping/${sha256(mapping)}`, mapping);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
