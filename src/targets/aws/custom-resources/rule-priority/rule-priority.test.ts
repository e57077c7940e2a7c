import { describe, expect, it } from "vitest";
import { hangingCalls, invoke, waitOnlyForDeadline, type Invocation } from "../../../../../test/fakes/custom-resources/invocation.ts";
import { choosePriorities, rulePriority } from "./rule-priority.ts";

const CREATE: Invocation = { type: "Create", properties: { RulePath: ["/", "/api", "/"], ListenerArn: "arn:listener" } };
const rulesOf = (rules: Readonly<Record<string, readonly string[]>>) => (arn: string) => Promise.resolve(rules[arn] ?? []);

describe("rulePriority", () => {
  it("gives each path a priority on create and update", async () => {
    const resource = rulePriority(rulesOf({ "arn:listener": ["default", "3", "49999"] }));
    for (const type of ["Create", "Update"] as const) {
      expect(await invoke(resource, { ...CREATE, type })).toMatchObject({
        Status: "SUCCESS",
        PhysicalResourceId: "alb-rule-priority-TheAction",
        Data: { Priority: 49998, Priority1: 4, Priority2: 49997 },
      });
    }
  });

  it.each([
    ["/", { Priority: 50000 }],
    ["api", { Priority: 1 }],
    [undefined, { Priority: 1 }],
    [["", "/"], { Priority: 1, Priority1: 50000 }],
    [[], {}],
  ])("gives as many priorities as there are rules for the paths %j, as old templates have them", async (paths, data) => {
    const properties = { ListenerArn: "arn:listener", RulePath: paths };
    expect((await invoke(rulePriority(rulesOf({})), { type: "Create", properties })).Data).toEqual(data);
  });

  it("keeps the physical id of a live resource", async () => {
    const answer = await invoke(rulePriority(rulesOf({})), { ...CREATE, type: "Update", physicalResourceId: "2020/log-stream" });
    expect(answer.PhysicalResourceId).toBe("2020/log-stream");
  });

  it("does nothing on delete, also of old resources without a path", async () => {
    expect(await invoke(rulePriority(hangingCalls()), { type: "Delete", properties: {} })).toMatchObject({ Status: "SUCCESS" });
  });

  it("fails when the listener cannot be read", async () => {
    const resource = rulePriority(() => Promise.reject(new Error("ListenerNotFound")));
    expect(await invoke(resource, CREATE)).toMatchObject({ Status: "FAILED", Reason: expect.stringContaining("ListenerNotFound") });
  });

  it("fails at its deadline, which is within the function's ten minutes", async () => {
    const resource = rulePriority(hangingCalls());
    expect(resource.deadlineMinutes).toBeLessThan(10);
    expect(await invoke(resource, CREATE, { wait: waitOnlyForDeadline })).toMatchObject({ Status: "FAILED" });
  });
});

describe("choosePriorities", () => {
  it.each([
    [["/api"], [], { Priority: 1 }],
    [["/"], ["default"], { Priority: 50000 }],
    [["/api", "/admin"], ["default", "7", "2", "48001"], { Priority: 8, Priority1: 9 }],
    [["/", "/"], ["50000", "47999"], { Priority: 49999, Priority1: 49998 }],
  ])("for %j beside %j", (paths, used, expected) => {
    expect(choosePriorities(paths, used)).toEqual(expected);
  });
});
