import { isMap, YAMLMap } from "yaml";
import type { Checked, Diagnostic } from "../model/diagnostic.ts";
import { isEmptyNode, rangeOf, scalarText, type TemplateSource } from "../targets/aws/cloudformation/template-source.ts";
import type { MergedTemplate } from "./merge-templates.ts";
import { repeatedKeys } from "./repeated-keys.ts";

/** Whose addons these are: it decides which parameters Copilot gives. */
export type AddonOwner = "workload" | "environment";

/** Parameters which every addons stack gets and which a parameters file must not name. */
export const RESERVED_PARAMETERS: Readonly<Record<AddonOwner, readonly string[]>> = {
  workload: ["App", "Env", "Name"],
  environment: ["App", "Env"],
};

/** What a parameters file passes from the parent stack to the addons stack: values may be any expression of the parent. */
export function readParametersFile(document: TemplateSource): Checked<YAMLMap> {
  const at = rangeOf(document, document.root);
  const hint = "write `Parameters:` and below it one line a parameter, `Name: value`";
  if (!isMap(document.root) || !document.root.has("Parameters")) {
    const message = `${document.file} has no \`Parameters\``;
    return { ok: false, diagnostics: [{ severity: "error", code: "addon-parameters-missing", message, at, hint }] };
  }
  const section = document.root.get("Parameters", true);
  const repeatedSections = repeatedKeys(document, document.root, "");
  if (repeatedSections.length > 0) return { ok: false, diagnostics: repeatedSections };
  if (isMap(section)) {
    const repeated = repeatedKeys(document, section, "Parameters");
    const diagnostics = section.flow === true ? [inBraces(document, section, hint), ...repeated] : repeated;
    return diagnostics.length > 0 ? { ok: false, diagnostics } : { ok: true, value: section, warnings: [] };
  }
  if (isEmptyNode(section)) return { ok: true, value: new YAMLMap(), warnings: [] };
  const found: Diagnostic = {
    severity: "error",
    code: "addon-parameters-not-a-map",
    message: "`Parameters` must be a map",
    path: "Parameters",
    at: rangeOf(document, section),
    hint,
  };
  return { ok: false, diagnostics: [found] };
}

/** The lines of the file were put into the parent's template as they stand, where braces broke it. */
const inBraces = (document: TemplateSource, section: YAMLMap, hint: string): Diagnostic => ({
  severity: "error",
  code: "addon-parameters-in-braces",
  message: "`Parameters` are written in braces",
  path: "Parameters",
  at: rangeOf(document, section),
  hint: section.items.length === 0 ? "remove this file: it gives no parameters" : hint,
});

/** The parameters that the merged template declares, compared with those that it will get. */
export interface ParameterCheck {
  readonly owner: AddonOwner;
  readonly merged: MergedTemplate;
  readonly templates: readonly TemplateSource[];
  /** The parameters file, when there is one. */
  readonly given?: { readonly document: TemplateSource; readonly parameters: YAMLMap };
}

/** Every parameter must be declared and must have a value, and none may be given twice. */
export function checkParameters(check: ParameterCheck): readonly Diagnostic[] {
  const section = check.merged.root.get("Parameters", true);
  const declared = new Map(isMap(section) ? section.items.map((pair) => [scalarText(pair.key) ?? "", pair]) : []);
  const given = new Map(check.given?.parameters.items.map((pair) => [scalarText(pair.key) ?? "", pair.key]));
  return [...missingReserved(check, declared), ...givenInVain(check, { declared, given }), ...withoutValue(check, { declared, given })];
}

type Declared = ReadonlyMap<string, { readonly key: unknown; readonly value: unknown }>;

function missingReserved({ owner, templates }: ParameterCheck, declared: Declared): Diagnostic[] {
  const [first] = templates;
  if (first === undefined) return [];
  return RESERVED_PARAMETERS[owner]
    .filter((name) => !declared.has(name))
    .map((name) => ({
      severity: "error",
      code: "addon-parameter-required",
      message: `required parameter \`${name}\` is missing from the template`,
      path: `Parameters.${name}`,
      at: rangeOf(first, first.root),
      hint: `declare \`${name}\` with \`Type: String\` under \`Parameters\`: Copilot passes its value`,
    }));
}

function givenInVain(
  { owner, given: file }: ParameterCheck,
  names: { declared: Declared; given: ReadonlyMap<string, unknown> },
): Diagnostic[] {
  if (file === undefined) return [];
  return [...names.given].flatMap(([name, key]): Diagnostic[] => {
    const place = { severity: "error", path: `Parameters.${name}`, at: rangeOf(file.document, key) } as const;
    if (RESERVED_PARAMETERS[owner].includes(name)) {
      const reserved = RESERVED_PARAMETERS[owner].map((each) => `\`${each}\``).join(", ");
      const message = `\`${name}\` is passed by Copilot and cannot be given again (${reserved} are reserved)`;
      return [{ ...place, code: "addon-parameter-reserved", message, hint: "remove this line" }];
    }
    if (names.declared.has(name)) return [];
    const message = `no template of these addons declares the parameter \`${name}\``;
    return [
      { ...place, code: "addon-parameter-unknown", message, hint: "declare it under `Parameters` of a template, or remove this line" },
    ];
  });
}

function withoutValue(check: ParameterCheck, names: { declared: Declared; given: ReadonlyMap<string, unknown> }): Diagnostic[] {
  const reserved = RESERVED_PARAMETERS[check.owner];
  return [...names.declared].flatMap(([name, { key, value }]): Diagnostic[] => {
    if (reserved.includes(name) || names.given.has(name) || (isMap(value) && value.has("Default"))) return [];
    const origin = check.merged.originOf.get(key);
    return [
      {
        severity: "error",
        code: "addon-parameter-without-value",
        message: `parameter \`${name}\` has no \`Default\` and no value in a parameters file`,
        path: `Parameters.${name}`,
        ...(origin === undefined ? {} : { at: rangeOf(origin, key) }),
        hint: `give it a \`Default\`, or a value under \`Parameters\` in addons.parameters.yml`,
      },
    ];
  });
}
