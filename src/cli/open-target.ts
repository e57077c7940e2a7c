import type { Notice, StepProgress } from "../model/deployment.ts";
import type { TargetName } from "../model/names.ts";
import type { TargetSession } from "../targets/target.ts";
import { notYet } from "./not-yet.ts";

/** What a connection needs to know of this machine, and whom it tells what it does. */
export interface OpenTargetOptions {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly report: (event: StepProgress | Notice) => void;
}

/** Connects to a target; its code is loaded here and nowhere else. */
export async function openTarget(target: TargetName, _options: OpenTargetOptions): Promise<TargetSession> {
  await Promise.resolve();
  throw notYet(`work on the target ${target}`);
}
