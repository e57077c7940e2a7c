import { applyPatches } from "../../overrides/apply-patches.ts";
import type { Patch } from "../../overrides/read-patches.ts";
import type { Checked } from "../../model/diagnostic.ts";
import type { CompiledStack } from "./compiled-stack.ts";
import type { CompiledWorkload } from "./compile-workload.ts";
import { writeStackParameters } from "./compile-workload.ts";
import { toTemplateDocument } from "./cloudformation/template.ts";
import { writeTemplate } from "./cloudformation/write.ts";

/** A stack as files: what `package` prints, and what pipelines deploy. */
export interface PackagedStack {
  /** YAML. */
  readonly template: string;
  /** JSON: parameters and tags, as CodePipeline takes them. */
  readonly parameters: string;
}

/** The files of a stack, its template changed by a person's patches. */
export function packageStack(stack: CompiledStack | CompiledWorkload, patches: readonly Patch[]): Checked<PackagedStack> {
  const document = "document" in stack ? stack.document : toTemplateDocument(stack.template);
  // Patches note themselves in the description, so a template without any is left as it is.
  const patched = patches.length === 0 ? ({ ok: true, value: document, warnings: [] } as const) : applyPatches(document, patches);
  if (!patched.ok) return patched;
  return { ...patched, value: { template: writeTemplate(patched.value), parameters: writeStackParameters(stack) } };
}
