import { optional } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { text } from "../../manifest/schema/scalars.ts";
import type { Findings } from "../../manifest/rules.ts";

/** What is recorded of requests. */
export const observability = record({
  tracing: optional(text({ examples: ["awsxray"] }), "Collects traces: `awsxray`.", { docker: "notice" }),
});

const isXray = (vendor: string): boolean => vendor.toLowerCase() === "awsxray";

/** The collector of traces; a vendor that is not known was always passed over, so it is a warning. */
export function checkObservability(manifest: { readonly observability?: Infer<typeof observability> }, findings: Findings): void {
  const vendor = manifest.observability?.tracing;
  if (vendor !== undefined && !isXray(vendor))
    findings.warning(
      ["observability", "tracing"],
      `\`${vendor}\` is no collector of traces that is known, and does nothing.`,
      "Write `awsxray`.",
    );
}

/** The spec's form. */
export const toTracing = (value: Infer<typeof observability> | undefined): "awsxray" | undefined =>
  value?.tracing !== undefined && isXray(value.tracing) ? "awsxray" : undefined;
