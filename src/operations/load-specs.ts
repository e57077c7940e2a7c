import { join } from "node:path";
import type { Diagnostic } from "../model/diagnostic.ts";
import { Problem } from "../model/problem.ts";
import type { WorkloadSpec } from "../model/workload-spec.ts";
import type { Notice } from "../model/deployment.ts";
import type { Files } from "../platform/files.ts";
import type { ManifestFile } from "../state/workspace.ts";
import type { TargetSession } from "../targets/target.ts";
import { resolveWorkload } from "../workloads/load.ts";
import { findClaimConflicts, placedClaims, type PlacedClaim } from "./claim-conflicts.ts";

/** Where manifests are loaded for. */
export interface LoadSpecsInput {
  readonly manifests: readonly ManifestFile[];
  readonly application: string;
  readonly environment: string;
  /** Warns of two workloads that claim the same requests, and refuses two that claim the same port. */
  readonly excludesRivals?: boolean;
}

/** What loading manifests needs. */
export interface LoadSpecsContext {
  readonly root: string;
  readonly files: Pick<Files, "readTextNow">;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly session: Pick<TargetSession, "target">;
  readonly tell: (event: Notice) => void;
}

/**
 * Whether manifests are read as the original read them: fields that nobody knows are told and carried on with. A live application on AWS has
 * to stay deployable; on Docker there is none from before, so that a mistake is refused.
 */
export const readsLeniently = ({ target }: Pick<TargetSession, "target">): boolean => target === "aws";

/** What the manifests mean in an environment. Complaints of all of them come in one Problem. */
export function loadSpecs(input: LoadSpecsInput, context: LoadSpecsContext): readonly WorkloadSpec[] {
  const complaints: Diagnostic[] = [];
  const specs: WorkloadSpec[] = [];
  const claims: PlacedClaim[] = [];
  for (const { path, text } of input.manifests) {
    const loaded = resolveWorkload({
      file: path,
      text,
      application: input.application,
      environment: input.environment,
      variables: context.variables,
      lenient: readsLeniently(context.session),
      readText: (other) => context.files.readTextNow(join(context.root, other)),
    });
    // A part of a manifest that counts twice, by itself and merged, is complained of once.
    for (const message of new Set(loaded.ok ? loaded.warnings.map(toSentence) : []))
      context.tell({ type: "notice", level: "warning", message });
    if (loaded.ok) {
      specs.push(loaded.value.spec);
      claims.push(...placedClaims(loaded.value));
    } else complaints.push(...loaded.diagnostics);
  }
  if (input.excludesRivals === true)
    for (const { kind, diagnostic } of findClaimConflicts(claims, "error"))
      if (kind === "port") complaints.push(diagnostic);
      else context.tell({ type: "notice", level: "warning", message: `${toSentence(diagnostic)} The one that was deployed first has it.` });
  const errors = complaints.filter(({ severity }) => severity === "error").length;
  if (complaints.length > 0)
    throw new Problem("manifest-invalid", `read the manifests for ${input.environment}: ${errors} ${errors === 1 ? "error" : "errors"}`, {
      diagnostics: complaints,
    });
  return specs;
}

/** A diagnostic in one line. */
export const toSentence = ({ message, at, hint }: Diagnostic): string =>
  `${at === undefined ? "" : `${at.file}:${at.line}:${at.column}: `}${message}${hint === undefined ? "" : ` (${hint})`}`;
