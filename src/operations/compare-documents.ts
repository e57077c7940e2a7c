/** A value as JSON and YAML know it. */
export type DocumentValue = null | boolean | number | string | readonly DocumentValue[] | { readonly [key: string]: DocumentValue };

/** How two values differ. A change inside of a map or list is told by its changed parts. */
export type Difference =
  | { readonly kind: "added"; readonly value: DocumentValue }
  | { readonly kind: "removed"; readonly value: DocumentValue }
  | { readonly kind: "replaced"; readonly before: DocumentValue; readonly after: DocumentValue }
  | { readonly kind: "map"; readonly changes: readonly { readonly key: string; readonly difference: Difference }[] }
  | { readonly kind: "list"; readonly items: readonly ListItem[] };

/** A stretch of a compared list: items that stayed, or one that changed. */
export type ListItem = { readonly kind: "unchanged"; readonly count: number } | { readonly kind: "item"; readonly difference: Difference };

const isList = (value: DocumentValue): value is readonly DocumentValue[] => Array.isArray(value);

/** Whether a value is a map. */
export const isMap = (value: DocumentValue): value is { readonly [key: string]: DocumentValue } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** How `after` differs from `before`; `undefined` when they are equal. Keys of maps have no order. */
export function compareDocuments(before: DocumentValue, after: DocumentValue): Difference | undefined {
  if (isMap(before) && isMap(after)) return compareMaps(before, after);
  if (isList(before) && isList(after)) return compareLists(before, after);
  return before === after ? undefined : { kind: "replaced", before, after };
}

function compareMaps(
  before: { readonly [key: string]: DocumentValue },
  after: { readonly [key: string]: DocumentValue },
): Difference | undefined {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  const changes = keys.flatMap((key) => {
    const difference = compareMembers(before[key], after[key]);
    return difference === undefined ? [] : [{ key, difference }];
  });
  return changes.length === 0 ? undefined : { kind: "map", changes };
}

function compareMembers(before: DocumentValue | undefined, after: DocumentValue | undefined): Difference | undefined {
  if (before === undefined) return after === undefined ? undefined : { kind: "added", value: after };
  if (after === undefined) return { kind: "removed", value: before };
  return compareDocuments(before, after);
}

function compareLists(before: readonly DocumentValue[], after: readonly DocumentValue[]): Difference | undefined {
  const kept = commonItems(before, after);
  if (kept.length === before.length && kept.length === after.length) return undefined;
  const items: ListItem[] = [];
  let [i, j, unchanged] = [0, 0, 0];
  const flush = (): void => {
    if (unchanged > 0) items.push({ kind: "unchanged", count: unchanged });
    unchanged = 0;
  };
  for (const [nextBefore, nextAfter] of [...kept, [before.length, after.length] as const]) {
    const changed = pairUp(before.slice(i, nextBefore), after.slice(j, nextAfter));
    if (changed.length > 0) flush();
    items.push(...changed.map((difference): ListItem => ({ kind: "item", difference })));
    if (nextBefore < before.length) unchanged += 1;
    [i, j] = [nextBefore + 1, nextAfter + 1];
  }
  flush();
  return { kind: "list", items };
}

/** What stands between two items that stayed: first against first, and the rest is removed or added. */
function pairUp(before: readonly DocumentValue[], after: readonly DocumentValue[]): readonly Difference[] {
  return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => compareMembers(before[index], after[index])).filter(
    (difference) => difference !== undefined,
  );
}

/** Positions of a longest common subsequence, in both lists. */
function commonItems(before: readonly DocumentValue[], after: readonly DocumentValue[]): readonly (readonly [number, number])[] {
  const lengths: number[][] = Array.from({ length: before.length + 1 }, () => Array.from({ length: after.length + 1 }, () => 0));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  const isEqual = (i: number, j: number): boolean => compareDocuments(before[i] ?? null, after[j] ?? null) === undefined;
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row !== undefined) row[j] = isEqual(i, j) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  const kept: (readonly [number, number])[] = [];
  let [i, j] = [0, 0];
  while (i < before.length && j < after.length) {
    if (isEqual(i, j)) kept.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return kept;
}
