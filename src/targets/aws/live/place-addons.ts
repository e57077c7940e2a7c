import { loadAddons, printAddonTemplate, type Addons } from "../../../addons/load-addons.ts";
import type { AddonOwner } from "../../../addons/addon-parameters.ts";
import type { AssetReference } from "../../../addons/asset-references.ts";
import { addonTemplateKey, assetKey, placeAssets, type UploadedAsset } from "../../../addons/package-assets.ts";
import { readAsset } from "../../../addons/read-asset.ts";
import type { TemplateExtensions } from "../../target.ts";
import { acceptOrThrow } from "../accept-or-throw.ts";
import type { ArtifactStore } from "./artifact-store.ts";

/** The addons of a workload or of environments, and the text of their template. */
export interface PlacedAddons {
  readonly addons: Addons;
  readonly template: string;
  /** Where the template lies; empty while it is neither uploaded nor named. */
  readonly url: string;
}

/** Whose addons they are; environments share theirs. */
export type AddonsOf = { readonly kind: "workload"; readonly name: string } | { readonly kind: "environment" };

/**
 * Merges the addons and, with a store, puts them and the files that they name where a stack finds them. `undefined` when there are none.
 * Throws a `Problem` with every complaint.
 */
export async function placeAddons(
  of: AddonsOf,
  extensions: TemplateExtensions,
  store: ArtifactStore | undefined,
): Promise<PlacedAddons | undefined> {
  const owner: AddonOwner = of.kind;
  const addons = acceptOrThrow("addons-invalid", "read the addons", loadAddons(owner, extensions.addons));
  if (addons === undefined) return undefined;
  if (store === undefined) return { addons, template: printAddonTemplate(addons), url: "" };
  const workload = of.kind === "workload" ? of.name : undefined;
  const placed = new Map<AssetReference, UploadedAsset>();
  await Promise.all(
    addons.assets.map(async (reference) => {
      const { hash, content } = await readAsset(extensions.root, reference);
      placed.set(reference, await store.place(assetKey(workload, hash), content));
    }),
  );
  const nowhere = { bucket: store.bucket, key: "", url: "" };
  const packaged = placeAssets(addons, (reference) => placed.get(reference) ?? nowhere);
  const template = printAddonTemplate(packaged);
  const { url } = await store.place(addonTemplateKey(workload, template), template);
  return { addons: packaged, template, url };
}
