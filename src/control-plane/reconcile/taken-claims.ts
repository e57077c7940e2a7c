import { listenerClaims, ruleClaims, type Claim } from "../../model/claim.ts";
import type { StackDocument } from "../../targets/docker/stack-document.ts";
import type { EnvironmentState } from "../state/state.ts";

/** A claim that another workload has already. */
export interface TakenClaim {
  readonly claim: Claim;
  readonly holder: string;
}

/** What a document claims of its environment. */
export function documentClaims({ http, listeners, site }: StackDocument): readonly Claim[] {
  const sites = site === undefined ? [] : ruleClaims("public", [{ hosts: site.hosts, path: "/", allowedSourceIps: [] }]);
  return [...(http === undefined ? [] : ruleClaims(http.scope, http.rules)), ...listenerClaims(listeners ?? []), ...sites];
}

/**
 * The claims of a document that another workload of the environment has, by what runs, by what is being deployed, or by one of `placing`,
 * whose deployment is about to begin. What the workload itself has already is left to it.
 */
export function findTakenClaims(
  document: StackDocument,
  { workloads }: Pick<EnvironmentState, "workloads">,
  placing: readonly StackDocument[] = [],
): readonly TakenClaim[] {
  const holders = new Map<string, string>();
  const hold = (other: StackDocument): void => {
    if (other.workload !== document.workload) for (const { id } of documentClaims(other)) holders.set(id, other.workload);
  };
  for (const { current, next } of Object.values(workloads)) {
    if (current) hold(current.document);
    if (next) hold(next.version.document);
  }
  placing.forEach(hold);
  const own = workloads[document.workload]?.current;
  const had = new Set(own ? documentClaims(own.document).map(({ id }) => id) : []);
  return documentClaims(document).flatMap((claim) => {
    const holder = had.has(claim.id) ? undefined : holders.get(claim.id);
    return holder === undefined ? [] : [{ claim, holder }];
  });
}
