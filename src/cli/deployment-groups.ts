import { Problem } from "../model/problem.ts";

/** A name that was given with a priority or without. */
export interface WantedWorkload {
  readonly name: string;
  readonly priority: number | undefined;
}

/**
 * Groups in the order of their priorities; what has none comes last, together with the remaining items. An item that is given twice must
 * have one priority.
 */
export function toGroups<T>(
  wanted: readonly { readonly priority: number | undefined; readonly item: T }[],
  remaining: readonly T[],
): readonly (readonly T[])[] {
  const groups = new Map<number, T[]>();
  const placed = new Map<T, number>();
  const place = (item: T, priority: number): void => {
    const before = placed.get(item);
    if (before !== undefined && before !== priority)
      throw new Problem("invalid-flag", "read --name: one workload has two priorities", { hint: "give each name once" });
    if (before !== undefined) return;
    placed.set(item, priority);
    groups.set(priority, [...(groups.get(priority) ?? []), item]);
  };
  for (const { item, priority } of wanted) place(item, priority ?? Number.POSITIVE_INFINITY);
  for (const item of remaining) if (!placed.has(item)) place(item, Number.POSITIVE_INFINITY);
  return [...groups.entries()].toSorted(([a], [b]) => (a === b ? 0 : a - b)).map(([, group]) => group);
}
