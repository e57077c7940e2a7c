import { rangeOf } from "../manifest/source.ts";
import { formatPath, placeOf, type Node } from "../manifest/tree.ts";
import { specClaims, type Claim } from "../model/claim.ts";
import type { Diagnostic, SourceRange } from "../model/diagnostic.ts";
import type { WorkloadSpec } from "../model/workload-spec.ts";

/** What a workload claims in one environment, and where its manifest says so. */
export interface PlacedClaim extends Claim {
  readonly workload: string;
  readonly environment: string;
  readonly range: SourceRange;
}

/** The claims of a manifest as it is resolved for an environment. */
export function placedClaims({ spec, resolved }: { readonly spec: WorkloadSpec; readonly resolved: Node }): readonly PlacedClaim[] {
  return specClaims(spec).map((claim) => ({
    ...claim,
    workload: spec.name,
    environment: spec.environment,
    range: rangeOf(placeOf(resolved, claim.at)),
  }));
}

/** A claim that an earlier workload of the list has in the same environment; the complaint names both places. */
export interface ClaimConflict {
  readonly kind: Claim["kind"];
  readonly environment: string;
  readonly diagnostic: Diagnostic;
}

/** The conflicts of claims, in their order. */
export function findClaimConflicts(claims: readonly PlacedClaim[], severity: Diagnostic["severity"]): readonly ClaimConflict[] {
  const first = new Map<string, PlacedClaim>();
  return claims.flatMap((claim) => {
    const key = `${claim.environment} ${claim.id}`;
    const known = first.get(key);
    if (known === undefined) first.set(key, claim);
    if (known === undefined || known.workload === claim.workload) return [];
    const { file, line, column } = known.range;
    const message = `\`${claim.workload}\` and \`${known.workload}\` both claim ${claim.what}: only one of them can have it (the other claim: ${file}:${line}:${column}).`;
    const hint = "Give one of them a path or alias of its own.";
    return [
      {
        kind: claim.kind,
        environment: claim.environment,
        diagnostic: { severity, code: "route-taken", message, path: formatPath(claim.at), at: claim.range, hint },
      },
    ];
  });
}
