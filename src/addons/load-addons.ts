import { isMap, type YAMLMap } from "yaml";
import type { Checked, Diagnostic } from "../model/diagnostic.ts";
import { isJsonObject, type JsonObject } from "../targets/aws/cloudformation/json.ts";
import {
  plainDataOf,
  printNodes,
  readTemplateSource,
  rangeOf,
  type TemplateSource,
} from "../targets/aws/cloudformation/template-source.ts";
import { readAddonOutputs, type AddonOutput } from "./addon-outputs.ts";
import { checkParameters, readParametersFile, type AddonOwner } from "./addon-parameters.ts";
import { findAssetReferences, type AssetReference } from "./asset-references.ts";
import { mergeTemplates, type MergedTemplate } from "./merge-templates.ts";
import { repeatedEntryKeys } from "./repeated-keys.ts";

/** A file of an `addons` folder. */
export interface AddonFile {
  /** Its name in the folder, e.g. `addons.parameters.yml`. */
  readonly name: string;
  /** Its path as shown to people. */
  readonly path: string;
  readonly content: string;
}

/** The addons of a workload or of the environments: one nested stack. */
export interface Addons {
  readonly owner: AddonOwner;
  /** The merged template. Packaging replaces nodes of a copy, never of this one. */
  readonly root: YAMLMap;
  readonly outputs: readonly AddonOutput[];
  /** What a parameters file passes on besides the reserved parameters, as expressions of the parent stack. */
  readonly parameters: JsonObject;
  /** Local files and folders that the template names. They must be uploaded and replaced before it can be deployed. */
  readonly assets: readonly AssetReference[];
}

const PARAMETER_FILES: ReadonlySet<string> = new Set(["addons.parameters.yml", "addons.parameters.yaml"]);

/** Sections whose entries the original read one by one, and where it refused a key that stood twice. */
const SECTIONS_READ: Readonly<Record<AddonOwner, readonly string[]>> = {
  workload: ["Parameters", "Resources", "Outputs"],
  environment: ["Parameters"],
};

/** Whether a file of an `addons` folder takes part: its name ends in `.yml` or `.yaml`. */
export function isAddonFileName(name: string): boolean {
  return /\.ya?ml$/.test(name);
}

/** Reads and merges the files of one `addons` folder. The value is `undefined` when the folder has no template. */
export function loadAddons(owner: AddonOwner, files: readonly AddonFile[]): Checked<Addons | undefined> {
  const sorted = files.filter(({ name }) => isAddonFileName(name)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const templateFiles = sorted.filter(({ name }) => !PARAMETER_FILES.has(name));
  if (templateFiles.length === 0) return { ok: true, value: undefined, warnings: [] };

  const templates = readDocuments(templateFiles);
  const parameters = readParameters(sorted.filter(({ name }) => PARAMETER_FILES.has(name)));
  if (!templates.ok || !parameters.ok) {
    return { ok: false, diagnostics: [templates, parameters].flatMap((read) => (read.ok ? [] : read.diagnostics)) };
  }
  const merged = mergeTemplates(templates.value);
  if (!merged.ok) return merged;

  const given = parameters.value;
  const check = { owner, merged: merged.value, templates: templates.value };
  const diagnostics = [
    ...templates.value.flatMap((document) => repeatedEntryKeys(SECTIONS_READ[owner], document)),
    ...checkResources(owner, templates.value, merged.value),
    ...checkParameters(given === undefined ? check : { ...check, given }),
  ];
  if (diagnostics.some(({ severity }) => severity === "error")) return { ok: false, diagnostics: [...merged.warnings, ...diagnostics] };

  const { root } = merged.value;
  const value = {
    owner,
    root,
    outputs: readAddonOutputs(root),
    parameters: plainParameters(given),
    assets: findAssetReferences(merged.value),
  };
  return { ok: true, value, warnings: [...merged.warnings, ...diagnostics] };
}

/** The template of the nested stack, as it is uploaded. */
export function printAddonTemplate(addons: Pick<Addons, "root">): string {
  return printNodes(addons.root);
}

function plainParameters(given: ParametersFile | undefined): JsonObject {
  const plain = given === undefined ? {} : plainDataOf(given.document, given.parameters);
  return isJsonObject(plain) ? plain : {};
}

function readDocuments(files: readonly AddonFile[]): Checked<readonly TemplateSource[]> {
  const read = files.map((file) => readTemplateSource(file.path, file.content));
  const diagnostics = read.flatMap((result) => (result.ok ? [] : result.diagnostics));
  if (diagnostics.length > 0) return { ok: false, diagnostics };
  return { ok: true, value: read.flatMap((result) => (result.ok ? [result.value] : [])), warnings: [] };
}

type ParametersFile = { readonly document: TemplateSource; readonly parameters: YAMLMap };

function readParameters(files: readonly AddonFile[]): Checked<ParametersFile | undefined> {
  const [file, second] = files;
  if (file === undefined) return { ok: true, value: undefined, warnings: [] };
  if (second !== undefined) {
    const message = `${file.path} and ${second.path} both give parameters: only one of them is allowed`;
    return {
      ok: false,
      diagnostics: [{ severity: "error", code: "addon-parameters-twice", message, hint: `move everything into ${file.name}` }],
    };
  }
  const document = readTemplateSource(file.path, file.content);
  if (!document.ok) return document;
  const parameters = readParametersFile(document.value);
  if (!parameters.ok) return parameters;
  return { ok: true, value: { document: document.value, parameters: parameters.value }, warnings: [] };
}

/** CloudFormation refuses a template without resources; for a workload the original did so before it came to that. */
function checkResources(owner: AddonOwner, templates: readonly TemplateSource[], merged: MergedTemplate): Diagnostic[] {
  const [first] = templates;
  if (first === undefined || isMap(merged.root.get("Resources", true))) return [];
  return [
    {
      severity: owner === "workload" ? "error" : "warning",
      code: "addon-without-resources",
      message: "these addons define no `Resources`, and CloudFormation accepts no template without",
      path: "Resources",
      at: rangeOf(first, first.root),
    },
  ];
}
