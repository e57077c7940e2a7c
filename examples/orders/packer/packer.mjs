import { setTimeout as pause } from "node:timers/promises";

const stop = new AbortController();
process.on("SIGTERM", () => stop.abort());

while (!stop.signal.aborted) {
  try {
    const response = await fetch(new URL("/orders/next/pack", process.env.API), { method: "POST", signal: AbortSignal.timeout(5_000) });
    const { order } = await response.json();
    if (order) console.log(`packed order ${order.id}: ${order.item}`);
    else await pause(1_000, undefined, { signal: stop.signal }).catch(() => undefined);
  } catch (error) {
    if (stop.signal.aborted) break;
    console.error(`the API does not answer: ${error.message}`);
    await pause(1_000, undefined, { signal: stop.signal }).catch(() => undefined);
  }
}
