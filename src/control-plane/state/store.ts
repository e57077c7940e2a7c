import { Journal } from "../journal/journal.ts";
import { isJournalEvent, type JournalEvent } from "./journal-event.ts";
import { reduce } from "./reduce.ts";
import { emptyState, isState, type State } from "./state.ts";

/** A journal that is longer than this is replaced by a snapshot. */
const compactAboveBytes = 4 * 1024 * 1024;

/** The state, and the one way to change it. */
export interface Store extends AsyncDisposable {
  readonly state: State;
  /** Resolves once the event is on the disk and in `state`. Rejects, with `state` as before, when the disk refuses. */
  record(event: JournalEvent): Promise<void>;
}

/** Opens the state that is kept in a journal. Rejects when a newer program wrote it. */
export async function openStore(path: string): Promise<Store> {
  const { journal, contents } = await Journal.open(path);
  let state = readSnapshot(path, contents.snapshot);
  for (const event of contents.events) {
    if (!isJournalEvent(event)) throw new Error(`The journal ${path} holds events of a newer version of this program.`);
    state = reduce(state, event);
  }
  let compactAt = compactAboveBytes;
  return {
    get state() {
      return state;
    },
    async record(event) {
      await journal.append(event, () => {
        state = reduce(state, event);
      });
      if (journal.bytes < compactAt) return;
      compactAt = Number.POSITIVE_INFINITY;
      await journal.compact(() => state);
      compactAt = Math.max(compactAboveBytes, journal.bytes * 2);
    },
    [Symbol.asyncDispose]: () => journal[Symbol.asyncDispose](),
  };
}

function readSnapshot(path: string, snapshot: unknown): State {
  if (snapshot === undefined) return emptyState;
  if (!isState(snapshot)) throw new Error(`The journal ${path} was written by a newer version of this program.`);
  return snapshot;
}
