import type { WorkloadPackage } from "../targets/target.ts";
import { compareDocuments, isMap, type Difference, type DocumentValue } from "./compare-documents.ts";

/** How a package differs from the deployed one, over all of its files; `undefined` when nothing does. */
export async function comparePackages(deployed: WorkloadPackage | undefined, wanted: WorkloadPackage): Promise<Difference | undefined> {
  const [before, after] = await Promise.all([deployed === undefined ? {} : toDocument(deployed), toDocument(wanted)]);
  return compareDocuments(before, after);
}

/** One value for all files. The main file's members stand at the top, as one thinks of them; others under their names. */
async function toDocument({ files: [main, ...others] }: WorkloadPackage): Promise<DocumentValue> {
  const content = withoutManifest(await parse(main.content));
  const more = await Promise.all(others.map(async (file) => [file.name, withoutManifest(await parse(file.content))] as const));
  return more.length === 0 ? content : { [main.name]: content, ...Object.fromEntries(more) };
}

async function parse(text: string): Promise<DocumentValue> {
  if (text.trimStart().startsWith("{")) {
    const value: DocumentValue = JSON.parse(text);
    return value;
  }
  const { parse: parseYaml } = await import("yaml");
  // Tags are CloudFormation's short functions; comparing needs only their text.
  const value: DocumentValue = parseYaml(text, { logLevel: "silent" });
  return value;
}

/** The manifest that a document keeps is its cause and no part of what is deployed. */
function withoutManifest(document: DocumentValue): DocumentValue {
  if (!isMap(document)) return document;
  const { manifest: _manifest, notices: _notices, ...rest } = document;
  return rest;
}
