import type { PackageFile, WorkloadPackage } from "../../../target.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { readTemplate } from "../read.ts";
import { describeChanges, type ChangeLine } from "./describe-change.ts";
import { section, type StackContent } from "./evaluate.ts";
import { keepPushedImages } from "./keep-pushed-images.ts";
import { readStackContent } from "./read-stack-content.ts";
import { compareStacks } from "./stack-changes.ts";

/** Logical ID of the nested stack that addons make. */
export const addonsStackId = "AddonsStack";

/** Files of a package that are the template of its addons have this in their name. */
const addonsMark = ".addons.";

/**
 * What a deployment would change, in lines: the stack, and the stack of its addons by what their templates say. Where the template of the
 * addons lies tells nothing: its name has the hash of a text that another program may write otherwise.
 */
export function describePackageChanges(deployed: WorkloadPackage | undefined, wanted: WorkloadPackage): readonly ChangeLine[] {
  const after = readStackContent(wanted.files);
  const before = deployed === undefined ? undefined : readStackContent(deployed.files);
  const addonsBefore = deployed === undefined ? undefined : readAddons(deployed.files);
  const addonsAfter = readAddons(wanted.files);
  const isLocated = addonsBefore !== undefined && addonsAfter !== undefined;
  const expected = keepPushedImages(before, before !== undefined && isLocated ? withAddonsPlace(before, after) : after);
  const own = describeChanges(compareStacks(before, expected));
  if (addonsAfter === undefined) return own;
  const nested = describeChanges(compareStacks(addonsBefore, addonsAfter));
  return [...own, ...nested.map(({ tone, text }) => ({ tone, text: `${addonsStackId}: ${text}` }))];
}

function readAddons(files: readonly PackageFile[]): StackContent | undefined {
  const file = files.find(({ name }) => name.includes(addonsMark));
  // What a stack passes on to its addons stands in its own template, and is compared there.
  return file === undefined ? undefined : { template: readTemplate(file.content, file.name), parameters: {} };
}

/** `after` with the place of the addons' template as it is deployed: a parameter in workloads, a property in environments. */
function withAddonsPlace(before: StackContent, after: StackContent): StackContent {
  const url = before.parameters["AddonsTemplateURL"];
  const parameters = url === undefined ? after.parameters : { ...after.parameters, AddonsTemplateURL: url };
  const place = propertiesOf(before.template)?.["TemplateURL"];
  const properties = propertiesOf(after.template);
  if (place === undefined || properties === undefined) return { ...after, parameters };
  return { template: withProperties(after.template, { ...properties, TemplateURL: place }), parameters };
}

function propertiesOf(template: JsonObject): JsonObject | undefined {
  const addons = section(template, "Resources")[addonsStackId];
  const properties: Json | undefined = isJsonObject(addons) ? addons["Properties"] : undefined;
  return isJsonObject(properties) ? properties : undefined;
}

function withProperties(template: JsonObject, properties: JsonObject): JsonObject {
  const resources = section(template, "Resources");
  const addons = resources[addonsStackId];
  const changed = { ...(isJsonObject(addons) ? addons : {}), Properties: properties };
  return { ...template, Resources: { ...resources, [addonsStackId]: changed } };
}
