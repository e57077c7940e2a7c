import type { DeploymentEvent } from "../../model/deployment.ts";
import { toProblem } from "./client.ts";
import type { WorkEvent } from "./protocol.ts";

/** The events of a piece of work; an error that ends it is thrown. */
export async function* followWork(events: AsyncIterable<WorkEvent>): AsyncGenerator<DeploymentEvent, void, undefined> {
  for await (const event of events) {
    if (event.type === "error") throw toProblem(event.error, 500);
    yield event;
  }
}

/** The first event, which says that the work was taken on; the rest goes on without us. */
export async function* firstEvent(events: AsyncIterable<DeploymentEvent>): AsyncGenerator<DeploymentEvent, void, undefined> {
  for await (const event of events) {
    yield event;
    return;
  }
}

/**
 * Work that is undone when the signal fires: `cancel` asks for that, and the events go on to the outcome, which then says `cancelled`. When
 * even that cannot be asked, the signal's reason is thrown. Ending the iteration early leaves the work as it is.
 */
export async function* cancellable(
  begin: (signal: AbortSignal) => AsyncIterable<DeploymentEvent>,
  signal: AbortSignal,
  cancel: () => Promise<unknown>,
): AsyncGenerator<DeploymentEvent, void, undefined> {
  signal.throwIfAborted();
  const stream = new AbortController();
  const onAbort = (): void => void cancel().catch(() => stream.abort(signal.reason));
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    yield* begin(stream.signal);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
