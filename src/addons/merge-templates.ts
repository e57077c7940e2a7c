import { isMap, isSeq, Pair, Scalar, YAMLMap, YAMLSeq, type Node as YamlNode } from "yaml";
import type { Checked, Diagnostic } from "../model/diagnostic.ts";
import { areNodesEqual } from "../targets/aws/cloudformation/node-equality.ts";
import { isEmptyNode, placeOf, rangeOf, scalarText, type TemplateSource } from "../targets/aws/cloudformation/template-source.ts";

/** How deep a section is merged: entries of `Mappings` are themselves maps to merge. */
const MAP_SECTIONS = { Metadata: 1, Parameters: 1, Mappings: 2, Conditions: 1, Resources: 1, Outputs: 1 } as const;

/** The sections of a merged template, in the order in which they are printed. Others do not reach the nested stack. */
const SECTION_ORDER = ["Metadata", "Parameters", "Mappings", "Conditions", "Transform", "Resources", "Outputs"] as const;

type SectionName = (typeof SECTION_ORDER)[number];

/** Sections that say nothing about resources and are left out without a word. */
const SILENT_SECTIONS: ReadonlySet<string> = new Set(["AWSTemplateFormatVersion", "Description"]);

/** Several templates as one, and where each entry came from. */
export interface MergedTemplate {
  readonly root: YAMLMap;
  /** The document that first defined a node of the merged template. */
  readonly originOf: ReadonlyMap<unknown, TemplateSource>;
}

interface Merging {
  readonly sections: Map<SectionName, YamlNode>;
  readonly originOf: Map<unknown, TemplateSource>;
  readonly diagnostics: Diagnostic[];
}

/**
 * Merges templates section by section. What two files define in the same way is kept once; what they define differently is an error that
 * names both places.
 */
export function mergeTemplates(documents: readonly TemplateSource[]): Checked<MergedTemplate> {
  const merging: Merging = { sections: new Map(), originOf: new Map(), diagnostics: [] };
  for (const document of documents) mergeDocument(merging, document);

  const errors = merging.diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) return { ok: false, diagnostics: merging.diagnostics };

  const root = new YAMLMap();
  for (const name of SECTION_ORDER) {
    const section = merging.sections.get(name);
    if (section !== undefined) root.items.push(new Pair(new Scalar(name), section));
  }
  return { ok: true, value: { root, originOf: merging.originOf }, warnings: merging.diagnostics };
}

function mergeDocument(merging: Merging, document: TemplateSource): void {
  if (document.root === null) return;
  if (!isMap(document.root)) {
    merging.diagnostics.push({
      severity: "error",
      code: "addon-not-a-template",
      message: "a template must be a map of sections such as `Resources`",
      at: rangeOf(document, document.root),
    });
    return;
  }
  const seen = new Set<string>();
  for (const { key, value } of document.root.items) {
    const name = scalarText(key) ?? "";
    if (seen.has(name)) {
      const message = `\`${name}\` stands twice in this template`;
      merging.diagnostics.push({ severity: "error", code: "duplicate-key", message, path: name, at: rangeOf(document, key) });
    } else if (isSectionName(name)) {
      mergeSection(merging, document, { name, value });
    } else if (!SILENT_SECTIONS.has(name)) {
      merging.diagnostics.push({
        severity: "warning",
        code: "addon-section-ignored",
        message: `\`${name}\` is not merged into the addons stack and has no effect`,
        path: name,
        at: rangeOf(document, key),
      });
    }
    seen.add(name);
  }
}

function isSectionName(name: string): name is SectionName {
  return SECTION_ORDER.some((section) => section === name);
}

function mergeSection(merging: Merging, document: TemplateSource, section: { name: SectionName; value: unknown }): void {
  const { name, value } = section;
  if (isEmptyNode(value)) return;
  if (name === "Transform") {
    mergeTransform(merging, document, value);
    return;
  }
  if (!isMap(value)) {
    const message = `\`${name}\` must be a map, with one entry a name`;
    merging.diagnostics.push({ severity: "error", code: "addon-section-not-a-map", message, path: name, at: rangeOf(document, value) });
    return;
  }
  const target = merging.sections.get(name) ?? new YAMLMap();
  merging.sections.set(name, target);
  if (isMap(target)) mergeMaps(merging, document, { target, source: value, path: name, depth: MAP_SECTIONS[name] });
}

interface MapMerge {
  readonly target: YAMLMap;
  readonly source: YAMLMap;
  readonly path: string;
  readonly depth: number;
}

function mergeMaps(merging: Merging, document: TemplateSource, { target, source, path, depth }: MapMerge): void {
  const known = new Map(target.items.map((pair) => [scalarText(pair.key), pair]));
  for (const pair of source.items) {
    const name = scalarText(pair.key) ?? "";
    const existing = known.get(name);
    if (existing === undefined) {
      // An entry that will take more keys from other files is a map of our own, so that the reading of no file is changed.
      const value = depth > 1 && isMap(pair.value) ? copyOfMap(pair.value) : pair.value;
      target.items.push(new Pair(pair.key, value));
      merging.originOf.set(pair.key, document);
      if (depth > 1 && isMap(value)) for (const inner of value.items) merging.originOf.set(inner.key, document);
    } else if (depth > 1 && isMap(existing.value) && isMap(pair.value)) {
      mergeMaps(merging, document, { target: existing.value, source: pair.value, path: `${path}.${name}`, depth: depth - 1 });
    } else if (!areNodesEqual(existing.value, pair.value)) {
      merging.diagnostics.push(conflict(merging, document, { path: `${path}.${name}`, first: existing.key, second: pair.key }));
    }
  }
}

function copyOfMap(map: YAMLMap): YAMLMap {
  const copy = new YAMLMap();
  copy.items = [...map.items];
  if (map.flow !== undefined) copy.flow = map.flow;
  if (map.tag !== undefined) copy.tag = map.tag;
  return copy;
}

function conflict(merging: Merging, document: TemplateSource, found: { path: string; first: unknown; second: unknown }): Diagnostic {
  const origin = merging.originOf.get(found.first);
  const firstPlace = origin === undefined ? "another file" : placeOf(origin, found.first);
  return {
    severity: "error",
    code: "addon-conflict",
    message: `\`${found.path}\` is defined in ${firstPlace} and, differently, in ${placeOf(document, found.second)}`,
    path: found.path,
    at: rangeOf(document, found.second),
    hint: "give one of them another name, or make both the same (the order of keys counts)",
  };
}

/** `Transform` is a set of macros: one text or a list of texts and maps. */
function mergeTransform(merging: Merging, document: TemplateSource, value: unknown): void {
  const existing = merging.sections.get("Transform");
  const set = isSeq(existing) ? existing : new YAMLSeq();
  merging.sections.set("Transform", set);
  for (const macro of isSeq(value) ? value.items : [value]) {
    if (set.items.some((item) => areNodesEqual(item, macro))) continue;
    set.items.push(macro);
    merging.originOf.set(macro, document);
  }
}
