import { createHash } from "node:crypto";
import { Scalar, type Node as YamlNode, YAMLMap } from "yaml";
import type { Addons } from "./load-addons.ts";
import type { AssetReference } from "./asset-references.ts";

/** Where something was uploaded to. */
export interface UploadedAsset {
  readonly bucket: string;
  readonly key: string;
  /** Its address over HTTPS. */
  readonly url: string;
}

/** Puts uploaded files in the place of the paths that named them. The addons that were given stay as they are. */
export function placeAssets(addons: Addons, uploaded: (reference: AssetReference) => UploadedAsset): Addons {
  const root = addons.root.clone();
  if (!(root instanceof YAMLMap)) return addons;
  for (const reference of addons.assets) root.setIn(reference.place, toNode(reference, uploaded(reference)));
  return { ...addons, root, assets: [] };
}

function toNode({ form }: AssetReference, { bucket, key, url }: UploadedAsset): YamlNode {
  if (form.kind === "s3-uri") return new Scalar(`s3://${bucket}/${key}`);
  if (form.kind === "url") return new Scalar(url);
  const map = new YAMLMap();
  map.set(new Scalar(form.bucket), new Scalar(bucket));
  map.set(new Scalar(form.key), new Scalar(key));
  return map;
}

/** The folder in the artifact bucket that takes the addons of a workload, or of environments when none is named. */
const folderOf = (workload: string | undefined): string => `manual/addons/${workload ?? "environments"}`;

/** The key of an asset in the artifact bucket. */
export function assetKey(workload: string | undefined, hash: string): string {
  return `${folderOf(workload)}/assets/${hash}`;
}

/** The key of a merged template in the artifact bucket. */
export function addonTemplateKey(workload: string | undefined, template: string): string {
  return `${folderOf(workload)}/${createHash("sha256").update(template).digest("hex")}.yml`;
}
