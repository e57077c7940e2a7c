import type { Diagnostic } from "../model/diagnostic.ts";
import type { WorkloadType } from "../model/names.ts";
import type { WorkloadSpec } from "../model/workload-spec.ts";
import { findingsFor } from "../manifest/rules.ts";
import type { Rule } from "../manifest/rules.ts";
import type { DecodeContext, Schema, Shape } from "../manifest/schema/schema.ts";
import type { Node } from "../manifest/tree.ts";

/** What a type makes of a manifest: everything of the spec but what all types share. */
export type Capabilities = Omit<WorkloadSpec, "application" | "environment" | "name" | "type" | "manifest">;

/** A workload type as a preset over capabilities. */
export interface WorkloadDefinition<T> {
  readonly type: WorkloadType;
  /** What the type is for, in a sentence. */
  readonly summary: string;
  readonly schema: Schema<T>;
  /** Checks that need several fields, in the order in which they are told. */
  readonly rules: readonly Rule<T>[];
  /** `manifest` has passed every check. */
  readonly toCapabilities: (manifest: T, name: string) => Capabilities;
}

/** A workload type, its own types hidden. */
export interface WorkloadKind {
  readonly type: WorkloadType;
  readonly summary: string;
  readonly shape: Shape;
  /** Checks the types of a part: a base, or an override. */
  readonly checkPart: (node: Node, context: DecodeContext) => void;
  /** Checks a whole manifest; `undefined` when something was reported as an error. */
  readonly resolve: (node: Node, options: ResolveOptions) => Capabilities | undefined;
}

/** What resolving is done with. */
export interface ResolveOptions {
  readonly name: string;
  readonly lenient: boolean;
  readonly report: (diagnostic: Diagnostic) => void;
}

/** Makes a type ready for the registry. */
export function defineWorkload<T>(definition: WorkloadDefinition<T>): WorkloadKind {
  const { type, summary, schema, rules, toCapabilities } = definition;
  return {
    type,
    summary,
    shape: schema.shape,
    checkPart: (node, context) => {
      schema.decode(node, { ...context, partial: true });
    },
    resolve: (node, { name, lenient, report }) => {
      const found: Diagnostic[] = [];
      const manifest = schema.decode(node, {
        path: [],
        partial: false,
        lenient,
        inComposite: false,
        report: (diagnostic) => found.push(diagnostic),
      });
      if (manifest !== undefined) {
        const findings = findingsFor(node, [...found], (diagnostic) => found.push(diagnostic));
        for (const rule of rules) rule(manifest, findings);
      }
      found.forEach(report);
      const failed = found.some((diagnostic) => diagnostic.severity === "error");
      return failed || manifest === undefined ? undefined : toCapabilities(manifest, name);
    },
  };
}
