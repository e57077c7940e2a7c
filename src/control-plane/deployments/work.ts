import type { WorkEvent } from "../../targets/docker/protocol.ts";

/** A piece of work that goes on whoever listens: what it told so far is kept, and a listener gets all of it. */
export class Work {
  readonly #events: WorkEvent[] = [];
  readonly #waiting = new Set<() => void>();
  #ended = false;

  /** Whether its last event has been told. */
  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Tells something; an outcome or an error ends the work. Told after the end, it is dropped. */
  emit(event: WorkEvent): void {
    if (this.#ended) return;
    this.#events.push(event);
    this.#ended = event.type === "outcome" || event.type === "error";
    for (const wake of this.#waiting) wake();
  }

  /** Resolves once the last event has been told. */
  async ended(): Promise<void> {
    while (!this.#ended) await this.#change(undefined);
  }

  /** Everything from the beginning, then what comes, until the work ends or the signal fires. */
  async *listen(signal?: AbortSignal): AsyncGenerator<WorkEvent> {
    let told = 0;
    for (;;) {
      const event = this.#events[told];
      if (event) {
        told += 1;
        yield event;
      } else if (this.#ended || signal?.aborted) return;
      else await this.#change(signal);
    }
  }

  async #change(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal?.addEventListener("abort", wake, { once: true });
    });
  }
}
