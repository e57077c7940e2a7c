/** A task that ran for this long, in milliseconds, was well: the next that ends is replaced at once. */
const provenTime = 60_000;
const firstDelay = 1_000;
const longestDelay = 300_000;

/** How fast tasks which keep ending are replaced: at once, then with twice the delay each time, at most every five minutes. */
export interface ReplacementPace {
  /** Tasks that ended early one after the other. */
  readonly failures: number;
  /** Before this time, in milliseconds, none is started. */
  readonly from: number;
}

/** The pace of a service that has had no trouble. */
export const freshPace: ReplacementPace = { failures: 0, from: 0 };

/** The pace after a task ended that had run for `ranFor` milliseconds. */
export function paceAfter(pace: ReplacementPace, ended: { readonly ranFor: number; readonly now: number }): ReplacementPace {
  if (ended.ranFor >= provenTime) return { failures: 0, from: ended.now };
  const delay = pace.failures === 0 ? 0 : Math.min(longestDelay, firstDelay * 2 ** (pace.failures - 1));
  return { failures: pace.failures + 1, from: ended.now + delay };
}
