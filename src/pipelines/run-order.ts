/** Something that may have to wait for others of its group. */
export interface Dependent {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/** The ranks of a group, or the names which wait for each other. */
export type RunOrder =
  /** `rank` is 0 for what waits for nothing, otherwise one more than the highest it waits for. */
  { readonly kind: "ranks"; readonly rank: (name: string) => number } | { readonly kind: "cycle"; readonly names: readonly string[] };

/** Ranks each member of a group by the longest path of dependencies that leads to it. A dependency outside the group has rank 0. */
export function rankActions(group: readonly Dependent[]): RunOrder {
  const byName = new Map(group.map((member) => [member.name, member]));
  const ranks = new Map<string, number>();
  let cycle: readonly string[] | undefined;

  function rank(name: string, path: readonly string[]): number {
    const known = ranks.get(name);
    if (known !== undefined) return known;
    if (path.includes(name)) {
      cycle ??= path.slice(path.indexOf(name));
      return 0;
    }
    const before = byName.get(name)?.dependsOn ?? [];
    const result = before.length === 0 ? 0 : 1 + Math.max(...before.map((other) => rank(other, [...path, name])));
    ranks.set(name, result);
    return result;
  }

  for (const member of group) rank(member.name, []);
  return cycle === undefined ? { kind: "ranks", rank: (name) => ranks.get(name) ?? 0 } : { kind: "cycle", names: cycle };
}
