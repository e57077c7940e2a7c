import { Problem } from "./problem.ts";

/**
 * As `Promise.all`, but waits until none is under way any more, and then tells all that went wrong: problems together in one. What is no problem is
 * thrown alone, for it is a defect or an interruption.
 */
export async function settleAll<T extends readonly unknown[] | []>(work: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const settled = await Promise.allSettled(work);
  const reasons = settled.flatMap((result): readonly unknown[] => (result.status === "rejected" ? [result.reason] : []));
  if (reasons.length > 0) throw reasons.find((reason) => !(reason instanceof Problem)) ?? joinProblems(reasons.filter(isProblem));
  return Promise.all(work);
}

const isProblem = (reason: unknown): reason is Problem => reason instanceof Problem;

/** One problem for several, which holds each of them once. */
function joinProblems(problems: readonly Problem[]): Problem | undefined {
  const known = new Map<string, Problem>();
  for (const problem of problems)
    for (const part of problem.parts.length === 0 ? [problem] : problem.parts) known.set(JSON.stringify([part.message, part.hint]), part);
  const parts = [...known.values()];
  const [first, ...others] = parts;
  if (first === undefined || others.length === 0) return first;
  const hints = [...new Set(parts.flatMap(({ hint }) => (hint === undefined ? [] : [hint])))];
  return new Problem(
    others.every(({ code }) => code === first.code) ? first.code : "several-problems",
    parts.map(({ message }) => message).join("\n"),
    { parts, ...(hints.length === 0 ? {} : { hint: hints.join("\n") }), diagnostics: parts.flatMap(({ diagnostics }) => diagnostics) },
  );
}
