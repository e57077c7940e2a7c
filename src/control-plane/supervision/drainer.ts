import type { StackDocument } from "../../targets/docker/stack-document.ts";
import type { Router } from "./router.ts";
import { pause } from "../pause.ts";

/** Waits until tasks that take no new requests have answered those they have. */
export interface Drainer {
  /** Resolves when it is safe to end a task that answered at `upstreams`, at the latest after its document's delay. */
  drain(document: StackDocument, upstreams: readonly string[], signal: AbortSignal): Promise<void>;
}

/** Clients that found a task by name may have remembered it for this long, in milliseconds. */
const nameMemory = 5_000;
const pollInterval = 250;
/** A request that the ingress had just taken may not be counted yet. */
const idleTimes = 2;

/** A drainer that asks the ingress. */
export function createDrainer(router: Pick<Router, "activeRequests">): Drainer {
  return {
    async drain(document, upstreams, signal) {
      const begun = performance.now();
      const isFound = (document.discovery?.names.length ?? 0) > 0;
      const longest = longestDelay(document);
      let idle = 0;
      while (!signal.aborted && idle < idleTimes && performance.now() - begun < longest) {
        await pause(pollInterval, signal);
        idle = (await router.activeRequests(upstreams)) === 0 ? idle + 1 : 0;
      }
      const left = isFound ? nameMemory - (performance.now() - begun) : 0;
      if (left > 0) await pause(Math.min(left, longest), signal);
    },
  };
}

/** How long requests under way may take, in milliseconds. */
function longestDelay(document: StackDocument): number {
  const delays = [
    ...(document.http?.rules ?? []).map((rule) => rule.deregistrationDelay),
    ...(document.listeners ?? []).map((listener) => listener.deregistrationDelay),
  ];
  return delays.length > 0 ? Math.max(...delays) * 1000 : nameMemory;
}
