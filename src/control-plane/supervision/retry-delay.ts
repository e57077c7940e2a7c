/** Milliseconds before the first retry is as long as this one. */
export const freshDelay = 0;
const firstDelay = 500;
const longestDelay = 30_000;
/** Milliseconds without trouble after which the next one counts as the first. */
const calmTime = 10_000;

/** How long to wait, in milliseconds, when another try has failed: twice as long as before, at most half a minute. */
export const nextDelay = (before: number): number => (before === 0 ? firstDelay : Math.min(longestDelay, before * 2));

/** When to try again what keeps failing, and what of that is worth telling. Times are in milliseconds. */
export class Retries {
  #until = 0;
  #delay = freshDelay;
  #told: string | undefined;

  /** Before this time nothing is tried. */
  get until(): number {
    return this.#until;
  }

  /** Something failed now; tells whether it is news: the same trouble is told once. */
  failed(message: string, now: number): boolean {
    const goesOn = now - this.#until < calmTime;
    const isNew = !goesOn || message !== this.#told;
    this.#told = message;
    this.#delay = nextDelay(goesOn ? this.#delay : freshDelay);
    this.#until = now + this.#delay;
    return isNew;
  }

  /** Lets the next try be now: what it failed for may be mended. */
  clear(): void {
    this.#until = 0;
  }
}
