/** What a query gave: values to print one after another, or why it cannot be answered. */
export type QueryResult = { readonly ok: true; readonly values: readonly unknown[] } | { readonly ok: false; readonly problem: string };

/**
 * Answers the queries that generated buildspecs make of `jq`: paths of `.name` and `[]`, such as `.stages[].name`.
 * A build whose image has `jq` never comes here.
 */
export function queryJson(query: string, json: string): QueryResult {
  const steps = parseQuery(query.trim());
  if (steps === undefined)
    return { ok: false, problem: `${query}: only paths such as .services[].name are answered; use an image that has jq` };
  let root: unknown;
  try {
    root = JSON.parse(json);
  } catch {
    return { ok: false, problem: "the input is not JSON" };
  }
  let values: readonly unknown[] = [root];
  for (const step of steps) {
    const next: unknown[] = [];
    for (const value of values) {
      const result = step === "[]" ? iterate(value) : property(value, step.slice(1));
      if (result === undefined) return { ok: false, problem: `cannot take ${step} of ${JSON.stringify(value)}` };
      next.push(...result);
    }
    values = next;
  }
  return { ok: true, values };
}

function parseQuery(query: string): readonly string[] | undefined {
  if (query === ".") return [];
  if (!/^(?:\.[A-Za-z_][A-Za-z0-9_]*|\.?\[\])+$/.test(query)) return undefined;
  return [...query.matchAll(/\.[A-Za-z_][A-Za-z0-9_]*|\[\]/g)].map(([step]) => step);
}

function iterate(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  return typeof value === "object" && value !== null ? Object.values(value) : undefined;
}

function property(value: unknown, name: string): readonly unknown[] | undefined {
  if (value === null) return [null];
  if (typeof value !== "object" || Array.isArray(value)) return undefined;
  return [Object.entries(value).find(([key]) => key === name)?.[1] ?? null];
}
