import type { Diagnostic } from "../model/diagnostic.ts";

/** What was found of one manifest for one environment. */
export interface EnvironmentFindings {
  readonly environment: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Complaints of a manifest over its environments, each once; what does not hold for all of them says for which it does. */
export function gatherFindings(found: readonly EnvironmentFindings[]): readonly Diagnostic[] {
  const byPlace = new Map<string, { readonly diagnostic: Diagnostic; readonly environments: string[] }>();
  for (const { environment, diagnostics } of found)
    for (const diagnostic of diagnostics) {
      const { at, code, message } = diagnostic;
      const key = JSON.stringify([at?.file, at?.line, at?.column, code, message]);
      const known = byPlace.get(key);
      if (known === undefined) byPlace.set(key, { diagnostic, environments: [environment] });
      else known.environments.push(environment);
    }
  const gathered = [...byPlace.values()].map(({ diagnostic, environments }) =>
    environments.length === found.length
      ? diagnostic
      : { ...diagnostic, message: `${diagnostic.message} (In ${environments.join(", ")}.)` },
  );
  return gathered.toSorted(
    (left, right) => (left.at?.line ?? 0) - (right.at?.line ?? 0) || (left.at?.column ?? 0) - (right.at?.column ?? 0),
  );
}
