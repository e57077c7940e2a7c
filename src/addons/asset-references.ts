import { isMap, isScalar, isSeq, type YAMLMap } from "yaml";
import type { SourceRange } from "../model/diagnostic.ts";
import { rangeOf, scalarText } from "../targets/aws/cloudformation/template-source.ts";
import { assetProperties, type LocationForm } from "./asset-properties.ts";
import type { MergedTemplate } from "./merge-templates.ts";

/** A place in a merged template that names a file or folder of the workspace. */
export interface AssetReference {
  /** As written: relative to the workspace's root, or absolute. */
  readonly path: string;
  readonly zip: boolean;
  readonly form: LocationForm;
  /** The way to the value in the merged template. */
  readonly place: readonly (string | number)[];
  readonly at: SourceRange | undefined;
}

const SECTIONS_WITH_INCLUDES = ["Metadata", "Mappings", "Conditions", "Resources", "Outputs"] as const;

/** Finds all references to local files: known properties of resources, and `AWS::Include` transforms anywhere. */
export function findAssetReferences(merged: MergedTemplate): readonly AssetReference[] {
  return SECTIONS_WITH_INCLUDES.flatMap((section) => {
    const entries = merged.root.get(section, true);
    if (!isMap(entries)) return [];
    return entries.items.flatMap((pair) => {
      const origin = merged.originOf.get(pair.key);
      const place = [section, scalarText(pair.key) ?? ""];
      const found = [...includesIn(pair.value, place), ...(section === "Resources" ? propertiesOf(pair.value, place) : [])];
      return found.map(({ path, zip, form, place, node }) => ({ path, zip, form, place, at: origin && rangeOf(origin, node) }));
    });
  });
}

type Found = Omit<AssetReference, "at"> & { readonly node: unknown };

type Place = readonly (string | number)[];

function propertiesOf(resource: unknown, place: Place): readonly Found[] {
  if (!isMap(resource)) return [];
  const type = scalarText(resource.get("Type", true)) ?? "";
  return (assetProperties[type] ?? []).flatMap(({ path: steps, form, zip }) => {
    const node = resource.getIn(["Properties", ...steps], true);
    const path = localPath(node);
    return path === undefined ? [] : [{ path, zip, form, place: [...place, "Properties", ...steps], node }];
  });
}

function includesIn(node: unknown, place: Place): readonly Found[] {
  if (isSeq(node)) return node.items.flatMap((item, index) => includesIn(item, [...place, index]));
  if (!isMap(node)) return [];
  if (node.tag === "!Transform") return includeOf(node, place);
  return node.items.flatMap((pair) => {
    const key = scalarText(pair.key) ?? "";
    const inner = [...place, key];
    return key === "Fn::Transform" && isMap(pair.value) ? includeOf(pair.value, inner) : includesIn(pair.value, inner);
  });
}

function includeOf(transform: YAMLMap, place: Place): readonly Found[] {
  if (scalarText(transform.get("Name", true)) !== "AWS::Include") return [];
  const node = transform.getIn(["Parameters", "Location"], true);
  const path = localPath(node);
  return path === undefined ? [] : [{ path, zip: false, form: { kind: "s3-uri" }, place: [...place, "Parameters", "Location"], node }];
}

/** A text that is a path: an intrinsic function is none, nor is the address of something that is on S3 or the web already. */
function localPath(node: unknown): string | undefined {
  if (!isScalar(node) || node.tag !== undefined) return undefined;
  const text = scalarText(node);
  return text === undefined || text === "" || /^(?:s3|https?):\/\//.test(text) ? undefined : text;
}
