import { describe, expect, it } from "vitest";
import {
  FastClock,
  hangingCalls,
  invoke,
  waitOnlyForDeadline,
  type Invocation,
} from "../../../../../test/fakes/custom-resources/invocation.ts";
import { envController, type EnvironmentStack, type EnvironmentStacks, type ParameterUpdate } from "./env-controller.ts";

const OUTPUTS = {
  PublicLoadBalancerDNSName: "lb.example",
  CFNExecutionRoleARN: "arn:role",
  EnabledFeatures: "web,,,,,",
  LastForceDeployID: "7",
};

/** One environment stack that updates as CloudFormation does: a while in progress, then with the new parameters. */
class FakeStacks implements EnvironmentStacks {
  readonly updates: ParameterUpdate[] = [];
  stack: EnvironmentStack | undefined;
  /** Statuses that the next looks give, before the stack is still. */
  pending: string[] = [];
  endsAs = "UPDATE_COMPLETE";
  failure: Error | undefined;

  constructor(parameters: Readonly<Record<string, string>>, outputs: Readonly<Record<string, string>> = OUTPUTS) {
    this.stack = { status: "UPDATE_COMPLETE", parameters, outputs, capabilities: ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"] };
  }

  readonly describe = (name: string): Promise<EnvironmentStack | undefined> => {
    if (this.stack === undefined || name !== "demo-test") return Promise.resolve(undefined);
    const status = this.pending.shift();
    return Promise.resolve(status === undefined ? this.stack : { ...this.stack, status });
  };

  readonly update = (_: string, update: ParameterUpdate): Promise<"started" | "busy"> => {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    if (this.pending.length > 0 || this.stack === undefined) return Promise.resolve("busy");
    this.updates.push(update);
    this.pending = ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"];
    const parameters = { ...this.stack.parameters, ...(this.endsAs === "UPDATE_COMPLETE" ? update.changed : {}) };
    this.stack = { ...this.stack, status: this.endsAs, parameters };
    return Promise.resolve("started");
  };
}

const PARAMETERS = { AppName: "demo", ALBWorkloads: "web", EFSWorkloads: "", NATWorkloads: "", Aliases: '{"web":["www.example.com"]}' };
const PROPERTIES = {
  EnvStack: "demo-test",
  Workload: "api",
  Parameters: ["ALBWorkloads", "Aliases"],
  Aliases: ["api.example.com"],
  EnvVersion: "v1.42.0",
};
const CREATE: Invocation = { type: "Create", properties: PROPERTIES };

describe("envController", () => {
  it("adds a workload and its aliases on create, and answers with the outputs", async () => {
    const stacks = new FakeStacks(PARAMETERS);
    const answer = await invoke(envController(stacks), CREATE);
    expect(stacks.updates).toEqual([
      {
        changed: { ALBWorkloads: "web,api", Aliases: '{"web":["www.example.com"],"api":["api.example.com"]}' },
        kept: ["AppName", "EFSWorkloads", "NATWorkloads"],
        roleArn: "arn:role",
        capabilities: ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
      },
    ]);
    expect(answer).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: "envcontoller/demo-test/api" });
    expect(answer.Data).toEqual({ PublicLoadBalancerDNSName: "lb.example", CFNExecutionRoleARN: "arn:role" });
  });

  it("goes on watching an update when single looks fail", async () => {
    const stacks = new FakeStacks(PARAMETERS);
    const look = stacks.describe;
    const failing = new Set([2, 3]);
    let looks = 0;
    const describe: EnvironmentStacks["describe"] = (name) =>
      failing.has(++looks) ? Promise.reject(new Error("Rate exceeded")) : look(name);
    expect(await invoke(envController({ describe, update: stacks.update }), CREATE)).toMatchObject({ Status: "SUCCESS" });
    expect(looks).toBeGreaterThan(3);
    expect(stacks.updates).toHaveLength(1);
  });

  it("changes nothing when the environment already has what is asked for", async () => {
    const stacks = new FakeStacks({ ...PARAMETERS, ALBWorkloads: "api,web", Aliases: '{"api":["api.example.com"]}' });
    expect(await invoke(envController(stacks), CREATE)).toMatchObject({ Status: "SUCCESS" });
    expect(stacks.updates).toEqual([]);
  });

  it("moves a workload between features on update and keeps its physical id", async () => {
    const stacks = new FakeStacks({ ...PARAMETERS, ALBWorkloads: "web,api", Aliases: '{"api":["api.example.com"]}' });
    const properties = { ...PROPERTIES, Parameters: ["EFSWorkloads"], Aliases: undefined };
    const answer = await invoke(envController(stacks), {
      type: "Update",
      properties,
      oldProperties: PROPERTIES,
      physicalResourceId: "live/id",
    });
    expect(stacks.updates[0]?.changed).toEqual({ ALBWorkloads: "web", EFSWorkloads: "api", Aliases: "" });
    expect(answer.PhysicalResourceId).toBe("live/id");
  });

  it("takes the workload off all lists on delete", async () => {
    const stacks = new FakeStacks({ ...PARAMETERS, ALBWorkloads: "web,api", NATWorkloads: "api" });
    const answer = await invoke(envController(stacks), { ...CREATE, type: "Delete", physicalResourceId: "envcontoller/demo-test/api" });
    expect(answer.Status).toBe("SUCCESS");
    expect(stacks.updates[0]?.changed).toEqual({ ALBWorkloads: "web", NATWorkloads: "" });
  });

  it("has nothing to take off an environment that is gone", async () => {
    const stacks = new FakeStacks(PARAMETERS);
    stacks.stack = undefined;
    expect(await invoke(envController(stacks), { ...CREATE, type: "Delete" })).toMatchObject({ Status: "SUCCESS" });
    expect(await invoke(envController(stacks), CREATE)).toMatchObject({ Status: "FAILED", Reason: expect.stringContaining("Cannot find") });
  });

  it("waits for somebody else's update and tries again, even when that one was rolled back", async () => {
    const stacks = new FakeStacks(PARAMETERS);
    stacks.pending = ["UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"];
    const clock = new FastClock();
    expect(await invoke(envController(stacks), CREATE, { wait: clock.wait })).toMatchObject({ Status: "SUCCESS" });
    expect(stacks.updates).toHaveLength(1);
    expect(clock.waits.length).toBeGreaterThan(3);
  });

  it("fails when its own update is rolled back", async () => {
    const stacks = new FakeStacks(PARAMETERS);
    stacks.endsAs = "UPDATE_ROLLBACK_COMPLETE";
    const answer = await invoke(envController(stacks), CREATE);
    expect(answer).toMatchObject({ Status: "FAILED", Reason: expect.stringContaining("ended as UPDATE_ROLLBACK_COMPLETE") });
  });

  it("fails with the reason of a refused update", async () => {
    const stacks = new FakeStacks(PARAMETERS);
    stacks.failure = new Error("AccessDenied");
    expect(await invoke(envController(stacks), CREATE)).toMatchObject({
      Status: "FAILED",
      Reason: expect.stringContaining("AccessDenied"),
    });
  });

  it("names the parameter that an old environment lacks", async () => {
    const stacks = new FakeStacks({ AppName: "demo", ALBWorkloads: "" });
    const properties = { ...PROPERTIES, Parameters: ["NATWorkloads"] };
    expect(await invoke(envController(stacks), { type: "Create", properties })).toMatchObject({
      Status: "FAILED",
      Reason: expect.stringContaining("NATWorkloads"),
    });
  });

  it("fails at its deadline", async () => {
    const answer = await invoke(envController(hangingCalls()), CREATE, { wait: waitOnlyForDeadline });
    expect(answer).toMatchObject({ Status: "FAILED", PhysicalResourceId: "envcontoller/demo-test/api" });
  });

  it("stays under CloudFormation's limit by leaving out what workloads do not read", async () => {
    const long = "x".repeat(1_500);
    const outputs = { ...OUTPUTS, PrivateRouteTableIDs: long, PublicSubnets: long, PrivateSubnets: long, HTTPListenerArn: "arn:listener" };
    const answer = await invoke(envController(new FakeStacks({ ...PARAMETERS, ALBWorkloads: "web,api" }, outputs)), CREATE);
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(4_096);
    expect(answer.Data).toMatchObject({ PublicLoadBalancerDNSName: "lb.example", HTTPListenerArn: "arn:listener", PrivateSubnets: long });
  });
});
