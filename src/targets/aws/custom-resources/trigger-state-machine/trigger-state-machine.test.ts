import { describe, expect, it } from "vitest";
import { hangingCalls, invoke, waitOnlyForDeadline, type Invocation } from "../../../../../test/fakes/custom-resources/invocation.ts";
import { triggerStateMachine } from "./trigger-state-machine.ts";

const CREATE: Invocation = { type: "Create", properties: { StateMachineARN: "arn:copy", AssetMappingFilePath: "s3://bucket/mapping" } };

describe("triggerStateMachine", () => {
  it("runs the state machine on create and update, and not on delete", async () => {
    const runs: string[] = [];
    const resource = triggerStateMachine((arn) => Promise.resolve(void runs.push(arn)));
    for (const type of ["Create", "Update", "Delete"] as const) {
      expect(await invoke(resource, { ...CREATE, type })).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: "TheAction" });
    }
    expect(runs).toEqual(["arn:copy", "arn:copy"]);
  });

  it("fails with the cause of the state machine's failure", async () => {
    const answer = await invoke(
      triggerStateMachine(() => Promise.resolve("S3.AccessDenied")),
      CREATE,
    );
    expect(answer).toMatchObject({ Status: "FAILED", Reason: expect.stringContaining("State machine failed: S3.AccessDenied") });
  });

  it("fails when it cannot be started", async () => {
    const answer = await invoke(
      triggerStateMachine(() => Promise.reject(new Error("StateMachineDoesNotExist"))),
      CREATE,
    );
    expect(answer).toMatchObject({ Status: "FAILED", Reason: expect.stringContaining("StateMachineDoesNotExist") });
  });

  it("fails at its deadline", async () => {
    const answer = await invoke(triggerStateMachine(hangingCalls()), CREATE, { wait: waitOnlyForDeadline });
    expect(answer).toMatchObject({ Status: "FAILED", Reason: expect.stringContaining("14 minutes") });
  });
});
