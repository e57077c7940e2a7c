/** Waits some milliseconds. An aborted wait rejects. */
export type Wait = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

/** Waits by the clock. */
export const waitByClock: Wait = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(new Error("The wait was ended"));
      return;
    }
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        reject(new Error("The wait was ended"));
      },
      { once: true },
    );
  });

/** How often something is looked at, and how long to wait in between. */
export interface Attempts {
  readonly count: number;
  /** Milliseconds before the next attempt, counted from 0. */
  readonly pause: (attempt: number) => number;
}

/** Pauses that double from 150 ms on, with jitter so that functions which start together do not ask together. */
export function doublingAttempts(count: number): Attempts {
  return { count, pause: (attempt) => 2 ** attempt * (150 + Math.random() * 50) };
}

/** The same pause each time. */
export function evenAttempts(count: number, milliseconds: number): Attempts {
  return { count, pause: () => milliseconds };
}

/** Looks again and again until there is an answer; `undefined` when there is none after the last attempt. */
export async function attempt<T>(attempts: Attempts, wait: Wait, look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let index = 0; index < attempts.count; index++) {
    const found = await look();
    if (found !== undefined) return found;
    if (index < attempts.count - 1) await wait(attempts.pause(index));
  }
  return undefined;
}
