import { isJsonObject } from "../../cloudformation/json.ts";
import type { Json, JsonObject } from "../../cloudformation/json.ts";
import { readTemplate } from "../../cloudformation/read.ts";
import type { ApplicationResources, ApplicationWorkload } from "./resources.ts";

/**
 * What the metadata of a deployed StackSet's template says that the application has. Templates older than 1.2 list `Services`, each with
 * a repository, instead of `Workloads`. Throws a Problem when the text cannot be read.
 */
export function readApplicationResources(templateText: string): ApplicationResources {
  const { Metadata: metadata } = readTemplate(templateText, "the template of the application's StackSet");
  const data: JsonObject = isJsonObject(metadata) ? metadata : {};
  const services = toList(data["Services"]).flatMap((name) => (typeof name === "string" ? [{ name, withRepository: true }] : []));
  return {
    revision: typeof data["Version"] === "number" ? data["Version"] : 0,
    workloads: [...toList(data["Workloads"]).flatMap(toWorkload), ...services],
    accounts: toList(data["Accounts"]).map(String),
  };
}

const toList = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

function toWorkload(value: Json): readonly ApplicationWorkload[] {
  if (!isJsonObject(value) || typeof value["Name"] !== "string") return [];
  return [{ name: value["Name"], withRepository: value["WithECR"] === true }];
}
