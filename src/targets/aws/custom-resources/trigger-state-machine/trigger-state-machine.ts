import type { CustomResource, Work } from "../lambda/custom-resource.ts";
import { readText } from "../lambda/event.ts";

/** Runs an express state machine to its end; `undefined` when it succeeded, else the cause of its failure. */
export type RunStateMachine = (stateMachineArn: string) => Promise<string | undefined>;

/** Runs the state machine that copies a static site's files, on each deployment. */
export function triggerStateMachine(run: RunStateMachine): CustomResource {
  const trigger = async ({ event }: Work): Promise<undefined> => {
    const cause = await run(readText(event.ResourceProperties, "StateMachineARN"));
    if (cause !== undefined) throw new Error(`State machine failed: ${cause}`);
    return undefined;
  };
  return {
    deadlineMinutes: 14,
    physicalResourceId: (event) => event.PhysicalResourceId ?? event.LogicalResourceId,
    create: trigger,
    update: trigger,
    delete: () => Promise.resolve(),
  };
}
