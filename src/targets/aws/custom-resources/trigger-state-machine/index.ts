import { SFNClient, StartSyncExecutionCommand } from "@aws-sdk/client-sfn";
import { toHandler } from "../lambda/custom-resource.ts";
import { triggerStateMachine, type RunStateMachine } from "./trigger-state-machine.ts";

/** The call, made by a client. */
export function stepFunctionsRun(client: SFNClient): RunStateMachine {
  return async (stateMachineArn) => {
    const { status, cause, error } = await client.send(new StartSyncExecutionCommand({ stateMachineArn }));
    return status === "SUCCEEDED" ? undefined : (cause ?? error ?? String(status));
  };
}

/** What Lambda calls. */
export const handler = toHandler(triggerStateMachine(stepFunctionsRun(new SFNClient())));
