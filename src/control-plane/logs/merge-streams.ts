/** Several streams as one, to which more can be added while it is read. */
export interface MergedStreams<T> {
  add(stream: AsyncIterable<T>): void;
  /** What comes from any stream, in the order in which it comes, until the signal fires. A stream that fails just ends. */
  values(): AsyncGenerator<T>;
}

/** Merges streams until the signal fires. */
export function mergeStreams<T>(signal: AbortSignal): MergedStreams<T> {
  const queue: T[] = [];
  let wake: () => void = () => undefined;
  signal.addEventListener("abort", () => wake(), { once: true });
  const pump = async (stream: AsyncIterable<T>): Promise<void> => {
    for await (const value of stream) {
      if (signal.aborted) return;
      queue.push(value);
      wake();
    }
  };
  return {
    add(stream) {
      pump(stream).catch(() => undefined);
    },
    async *values() {
      while (!signal.aborted) {
        for (let value = queue.shift(); value !== undefined; value = queue.shift()) yield value;
        if (signal.aborted) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
