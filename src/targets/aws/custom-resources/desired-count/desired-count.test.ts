import { describe, expect, it } from "vitest";
import { hangingCalls, invoke, waitOnlyForDeadline, type Invocation } from "../../../../../test/fakes/custom-resources/invocation.ts";
import { desiredCount, type RunningServices } from "./desired-count.ts";

const CREATE: Invocation = {
  type: "Create",
  properties: { Cluster: "cluster", App: "demo", Env: "test", Svc: "api", DefaultDesiredCount: "2", UpdateID: "1" },
};

/** Services by ARN, with the names of their tags. */
const servicesOf = (counts: Readonly<Record<string, number>>): RunningServices => ({
  find: ({ application, environment, service }) =>
    Promise.resolve(Object.keys(counts).filter((arn) => arn.startsWith(`${application}/${environment}/${service}/`))),
  desiredCount: (_, arn) => Promise.resolve(counts[arn]),
});

describe("desiredCount", () => {
  it.each([
    ["no service is there yet", {}, "2"],
    ["one is running", { "demo/test/api/1": 5 }, 5],
    ["scaling went down to none", { "demo/test/api/1": 0 }, 0],
    ["two have the same tags", { "demo/test/api/1": 5, "demo/test/api/2": 6 }, "2"],
    ["only another one runs", { "demo/test/web/1": 9 }, "2"],
  ])("when %s", async (_, counts, expected) => {
    for (const type of ["Create", "Update"] as const) {
      expect(await invoke(desiredCount(servicesOf(counts)), { ...CREATE, type })).toMatchObject({
        Status: "SUCCESS",
        PhysicalResourceId: "copilot/apps/demo/envs/test/services/api/autoscaling",
        Data: { DesiredCount: expected },
      });
    }
  });

  it("does nothing on delete", async () => {
    const answer = await invoke(desiredCount(hangingCalls()), { ...CREATE, type: "Delete", physicalResourceId: "live" });
    expect(answer).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: "live" });
  });

  it("gives the manifest's number when the look fails or takes too long", async () => {
    const failing = { ...servicesOf({}), find: () => Promise.reject(new Error("throttled")) };
    expect(await invoke(desiredCount(failing), CREATE)).toMatchObject({ Status: "SUCCESS", Data: { DesiredCount: "2" } });
    expect(await invoke(desiredCount(hangingCalls()), CREATE, { wait: waitOnlyForDeadline })).toMatchObject({
      Status: "SUCCESS",
      Data: { DesiredCount: "2" },
    });
  });
});
