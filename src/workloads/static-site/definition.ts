import { list } from "../../manifest/schema/collections.ts";
import { optional, required } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { flag, text } from "../../manifest/schema/scalars.ts";
import type { Findings } from "../../manifest/rules.ts";
import { readArn } from "../../model/arn.ts";
import { defineWorkload } from "../define.ts";
import type { Capabilities } from "../define.ts";
import { toPlacement } from "../fields/network.ts";
import { identityFields } from "../fields/task.ts";
import { given, textOrTexts, toTexts } from "../fields/values.ts";

const file = record({
  source: required(text({ noun: "a path", minLength: 1 }), "File or folder to publish, from the workspace root."),
  destination: optional(text(), "Where it is published; the top of the site where it is left out."),
  recursive: optional(flag(), "Whether a folder is published with what its folders hold.", { documentedDefault: false }),
  exclude: optional(textOrTexts, "Patterns of files to leave out: one, or a list."),
  reinclude: optional(textOrTexts, "Patterns of files to publish all the same: one, or a list."),
});

const schema = record({
  ...identityFields("Static Site"),
  http: optional(
    record({
      alias: optional(text({ noun: "a host name", emptyIsUnset: true }), "Host name of the site."),
      certificate: optional(text({ emptyIsUnset: true }), "ARN of the certificate for the alias, of the region us-east-1.", {
        docker: "notice",
      }),
    }),
    "Names of the site.",
  ),
  files: optional(list(file), "What is published."),
});

type Manifest = Infer<typeof schema>;

function checkCertificate(manifest: Manifest, findings: Findings): void {
  const { alias = "", certificate = "" } = manifest.http ?? {};
  if (certificate === "") return;
  const at = ["http", "certificate"];
  if (alias === "") findings.error(at, "`certificate` needs `alias`: without a name there is nothing to certify.");
  const arn = readArn(certificate);
  if (arn === undefined) findings.error(at, `\`${certificate}\` is no ARN.`);
  else if (arn.region !== "us-east-1")
    findings.error(at, `CloudFront takes certificates of the region us-east-1 only, and this one is of \`${arn.region}\`.`);
}

function toCapabilities(manifest: Manifest): Capabilities {
  const { alias = "", certificate = "" } = manifest.http ?? {};
  return {
    network: toPlacement(undefined),
    publishes: [],
    site: {
      files: (manifest.files ?? []).map((entry) => ({
        source: entry.source,
        destination: entry.destination ?? "",
        recursive: entry.recursive ?? false,
        exclude: toTexts(entry.exclude),
        reinclude: toTexts(entry.reinclude),
      })),
      ...given("alias", alias === "" ? undefined : alias),
      ...given("certificate", certificate === "" ? undefined : certificate),
    },
  };
}

/** Files that are published as they are. */
export const staticSite = defineWorkload({
  type: "Static Site",
  summary: "Files that are published as they are.",
  schema,
  rules: [checkCertificate],
  toCapabilities,
});
