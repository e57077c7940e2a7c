import type { Checked } from "../../model/diagnostic.ts";
import type { EnvironmentSpec } from "../../model/environment-spec.ts";
import { Diagnostics } from "../diagnostics.ts";
import { interpolate } from "../interpolate.ts";
import { parseYaml } from "../parse.ts";
import { findingsFor } from "../rules.ts";
import { storedText } from "../stored.ts";
import type { Node } from "../tree.ts";
import { environmentSchema } from "./definition.ts";
import { environmentRules } from "./rules.ts";
import { toEnvironmentSpec } from "./to-spec.ts";

/** What an environment's manifest is read with. */
export interface LoadEnvironmentInput {
  /** Path for diagnostics. */
  readonly file: string;
  readonly text: string;
  readonly application: string;
  readonly environment: string;
  /** The process environment. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Unknown fields, and values that were always dropped, are warnings. */
  readonly lenient?: boolean;
  /** Checks types only, for manifests whose ARNs, addresses and subnets are stand-ins. */
  readonly trusting?: boolean;
}

/** An environment's spec with the manifest it came from, variables filled in. */
export interface ResolvedEnvironment {
  readonly spec: EnvironmentSpec;
  readonly resolved: Node;
}

/** Reads an environment's manifest: its spec, or every complaint at once. */
export function loadEnvironment(input: LoadEnvironmentInput): Checked<EnvironmentSpec> {
  const result = resolveEnvironment(input);
  return result.ok ? { ...result, value: result.value.spec } : result;
}

/** As {@link loadEnvironment}, with the resolved manifest. */
export function resolveEnvironment(input: LoadEnvironmentInput): Checked<ResolvedEnvironment> {
  const parsed = parseYaml(input.file, input.text);
  if (!parsed.ok) return { ok: false, diagnostics: parsed.diagnostics };
  const collected = new Diagnostics();
  parsed.warnings.forEach(collected.report);
  const { application, environment } = input;
  const filled = interpolate(parsed.root, {
    predefined: { COPILOT_APPLICATION_NAME: application, COPILOT_ENVIRONMENT_NAME: environment },
    environment: input.variables,
  });
  filled.diagnostics.forEach(collected.report);
  const context = {
    path: [],
    partial: false,
    lenient: input.lenient === true,
    trusting: input.trusting === true,
    inComposite: false,
    report: collected.report,
  };
  const manifest = environmentSchema.decode(filled.root, context);
  if (manifest !== undefined && input.trusting !== true) {
    const findings = findingsFor(filled.root, collected.all(), collected.report);
    for (const rule of environmentRules) rule(manifest, findings);
  }
  if (manifest === undefined || collected.failed()) return collected.refused();
  const spec = toEnvironmentSpec(manifest, { application, name: environment, manifest: storedText(parsed.root, filled.changes) });
  return { ok: true, value: { spec, resolved: filled.root }, warnings: collected.all() };
}
