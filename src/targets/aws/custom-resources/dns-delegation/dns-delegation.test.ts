import { describe, expect, it } from "vitest";
import { FakeAccounts } from "../../../../../test/fakes/custom-resources/fake-zones.ts";
import { hangingCalls, invoke, waitOnlyForDeadline, type Invocation } from "../../../../../test/fakes/custom-resources/invocation.ts";
import { dnsDelegation } from "./dns-delegation.ts";

const PROPERTIES = {
  DomainName: "demo.example.com",
  SubdomainName: "test.demo.example.com",
  NameServers: ["ns-1.example", "ns-2.example"],
  RootDNSRole: "arn:role",
};
const CREATE: Invocation = { type: "Create", properties: PROPERTIES };

describe("dnsDelegation", () => {
  it.each(["Create", "Update"] as const)("writes the name servers into the application's zone on %s", async (type) => {
    const accounts = new FakeAccounts();
    const answer = await invoke(dnsDelegation(accounts), { ...CREATE, type });
    expect(answer).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: "test.demo.example.com" });
    expect(await accounts.application.findRecord("Z-APP", "test.demo.example.com", "NS")).toEqual({
      name: "test.demo.example.com",
      type: "NS",
      content: { kind: "values", ttl: 60, values: ["ns-1.example", "ns-2.example"] },
    });
    expect(accounts.assumedRoles).toEqual(["arn:role"]);
  });

  it("removes whatever name servers are there on delete", async () => {
    const accounts = new FakeAccounts();
    const properties = { ...PROPERTIES, NameServers: ["ns-old.example"] };
    await invoke(dnsDelegation(accounts), { type: "Create", properties });
    expect(await invoke(dnsDelegation(accounts), { ...CREATE, type: "Delete" })).toMatchObject({ Status: "SUCCESS" });
    expect(accounts.application.namesIn("Z-APP")).toEqual([]);
  });

  it("has nothing to delete where record or zone are gone", async () => {
    const accounts = new FakeAccounts();
    expect(await invoke(dnsDelegation(accounts), { ...CREATE, type: "Delete" })).toMatchObject({ Status: "SUCCESS" });
    accounts.application.domains.clear();
    expect(await invoke(dnsDelegation(accounts), { ...CREATE, type: "Delete" })).toMatchObject({ Status: "SUCCESS" });
  });

  it("answers also where the property that names it is missing", async () => {
    const { SubdomainName: _, ...properties } = PROPERTIES;
    expect(await invoke(dnsDelegation(new FakeAccounts()), { type: "Create", properties })).toMatchObject({
      Status: "FAILED",
      PhysicalResourceId: "TheAction",
      Reason: expect.stringContaining("SubdomainName"),
    });
  });

  it("fails on a missing zone, with Route 53's reason, and at its deadline", async () => {
    const accounts = new FakeAccounts();
    accounts.application.domains.clear();
    expect(await invoke(dnsDelegation(accounts), CREATE)).toMatchObject({
      Status: "FAILED",
      Reason: expect.stringContaining("demo.example.com"),
    });
    accounts.application.failure = new Error("AccessDenied");
    expect(await invoke(dnsDelegation(accounts), CREATE)).toMatchObject({
      Status: "FAILED",
      Reason: expect.stringContaining("AccessDenied"),
    });
    expect(await invoke(dnsDelegation(hangingCalls()), CREATE, { wait: waitOnlyForDeadline })).toMatchObject({ Status: "FAILED" });
  });
});
