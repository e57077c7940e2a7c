import { Problem } from "../../model/problem.ts";

/** The answer of what this version cannot do on AWS: never a success. */
export const notYetOnAws = (what: string): Problem =>
  new Problem("not-yet", `${what}: this version of Copilot cannot do it on AWS yet`, { hint: "use the original for it meanwhile" });

/** As {@link notYetOnAws}, for what is asynchronous. */
export const refuse = (what: string): Promise<never> => Promise.reject(notYetOnAws(what));

/** As {@link notYetOnAws}, for what is a stream. */
export const refuseStream = (what: string): AsyncIterable<never> => ({ [Symbol.asyncIterator]: () => ({ next: () => refuse(what) }) });
