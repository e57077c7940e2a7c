import { Problem } from "../model/problem.ts";

/** The answer of a command or of a part of it that this version does not have: never a success. */
export const notYet = (what: string, hint?: string): Problem =>
  new Problem("not-yet", `${what}: this version of Copilot cannot do it yet`, hint === undefined ? {} : { hint });

/** The implementation of a command which this version only describes. */
export const loadNotYet = (path: string) => async () => ({
  run: (): Promise<never> => Promise.reject(notYet(`run \`copilot ${path}\``)),
});
