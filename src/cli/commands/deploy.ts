import type { CommandRun, Flags } from "../define.ts";
import { loadNotYet } from "../not-yet.ts";

/** Not yet. */
export const run: CommandRun<Flags> = async () => (await loadNotYet("deploy")()).run();
