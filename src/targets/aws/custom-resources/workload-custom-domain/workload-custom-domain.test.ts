import { describe, expect, it } from "vitest";
import { aliasRecord } from "../dns/zones.ts";
import { FakeAccounts } from "../../../../../test/fakes/custom-resources/fake-zones.ts";
import { hangingCalls, invoke, waitOnlyForDeadline, type Invocation } from "../../../../../test/fakes/custom-resources/invocation.ts";
import { workloadCustomDomain } from "./workload-custom-domain.ts";

const PROPERTIES = {
  PublicAccessDNS: "nlb.example",
  PublicAccessHostedZoneID: "Z-NLB",
  EnvHostedZoneId: "Z-ENV",
  EnvName: "test",
  AppName: "demo",
  ServiceName: "api",
  RootDNSRole: "arn:role",
  DomainName: "example.com",
  Aliases: ["api.test.demo.example.com", "api.demo.example.com", "www.example.com"],
};
const CREATE: Invocation = { type: "Create", properties: PROPERTIES };
const TARGET = { dnsName: "nlb.example", hostedZoneId: "Z-NLB" };

describe("workloadCustomDomain", () => {
  it("writes each alias into its zone on create", async () => {
    const accounts = new FakeAccounts();
    const answer = await invoke(workloadCustomDomain(accounts), CREATE);
    expect(answer).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: "TheAction" });
    expect(accounts.own.namesIn("Z-ENV")).toEqual(["A api.test.demo.example.com"]);
    expect(accounts.application.namesIn("Z-APP")).toEqual(["A api.demo.example.com"]);
    expect(accounts.application.namesIn("Z-ROOT")).toEqual(["A www.example.com"]);
    expect(new Set(accounts.assumedRoles)).toEqual(new Set(["arn:role"]));
    expect(await accounts.own.findRecord("Z-ENV", "api.test.demo.example.com")).toEqual(aliasRecord("api.test.demo.example.com", TARGET));
  });

  it("refuses an alias that something else answers to", async () => {
    const accounts = new FakeAccounts();
    await accounts.application.upsert("Z-ROOT", aliasRecord("www.example.com", { dnsName: "other.example", hostedZoneId: "Z" }));
    expect(await invoke(workloadCustomDomain(accounts), CREATE)).toMatchObject({
      Status: "FAILED",
      Reason: expect.stringContaining("Alias www.example.com is already in use by other.example"),
    });
    expect(accounts.own.namesIn("Z-ENV")).toEqual([]);
  });

  it("accepts records that are its own, in whatever case", async () => {
    const accounts = new FakeAccounts();
    await accounts.application.upsert("Z-ROOT", aliasRecord("www.example.com", { dnsName: "NLB.example.", hostedZoneId: "Z-NLB" }));
    expect(await invoke(workloadCustomDomain(accounts), CREATE)).toMatchObject({ Status: "SUCCESS" });
  });

  it("moves its records to a new load balancer and removes what is no longer an alias", async () => {
    const accounts = new FakeAccounts();
    await invoke(workloadCustomDomain(accounts), CREATE);
    const properties = { ...PROPERTIES, PublicAccessDNS: "new.example", Aliases: ["api.demo.example.com"] };
    const answer = await invoke(workloadCustomDomain(accounts), { type: "Update", properties, oldProperties: PROPERTIES });
    expect(answer.Status).toBe("SUCCESS");
    expect(accounts.own.namesIn("Z-ENV")).toEqual([]);
    expect(accounts.application.namesIn("Z-ROOT")).toEqual([]);
    expect(await accounts.application.findRecord("Z-APP", "api.demo.example.com")).toEqual(
      aliasRecord("api.demo.example.com", { dnsName: "new.example", hostedZoneId: "Z-NLB" }),
    );
  });

  it("updates stacks of templates that named the target after the load balancer", async () => {
    const accounts = new FakeAccounts();
    await invoke(workloadCustomDomain(accounts), CREATE);
    const { PublicAccessDNS: LoadBalancerDNS, PublicAccessHostedZoneID: LoadBalancerHostedZoneID, ...others } = PROPERTIES;
    const oldProperties = { ...others, LoadBalancerDNS, LoadBalancerHostedZoneID };
    const unchanged = await invoke(workloadCustomDomain(hangingCalls()), { ...CREATE, type: "Update", oldProperties });
    expect(unchanged).toMatchObject({ Status: "SUCCESS" });
    const properties = { ...PROPERTIES, Aliases: ["www.example.com"] };
    expect(await invoke(workloadCustomDomain(accounts), { type: "Update", properties, oldProperties })).toMatchObject({
      Status: "SUCCESS",
    });
    expect(accounts.application.namesIn("Z-APP")).toEqual([]);
    expect(accounts.application.namesIn("Z-ROOT")).toEqual(["A www.example.com"]);
  });

  it("does nothing on an update that changes nothing of it", async () => {
    const oldProperties = { ...PROPERTIES, Aliases: PROPERTIES.Aliases.toReversed() };
    const answer = await invoke(workloadCustomDomain(hangingCalls()), { ...CREATE, type: "Update", oldProperties });
    expect(answer.Status).toBe("SUCCESS");
  });

  it("removes its records on delete, and leaves alone those that are gone or not its own", async () => {
    const accounts = new FakeAccounts();
    await invoke(workloadCustomDomain(accounts), CREATE);
    await accounts.own.remove("Z-ENV", aliasRecord("api.test.demo.example.com", TARGET));
    await accounts.application.upsert("Z-APP", aliasRecord("api.demo.example.com", { dnsName: "other.example", hostedZoneId: "Z" }));
    const answer = await invoke(workloadCustomDomain(accounts), { ...CREATE, type: "Delete", physicalResourceId: "NLBCustomDomainAction" });
    expect(answer).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: "NLBCustomDomainAction" });
    expect(accounts.application.namesIn("Z-APP")).toEqual(["A api.demo.example.com"]);
    expect(accounts.application.namesIn("Z-ROOT")).toEqual([]);
  });

  it("fails on an alias outside of the application's domains", async () => {
    const properties = { ...PROPERTIES, Aliases: ["www.other.org"] };
    expect(await invoke(workloadCustomDomain(new FakeAccounts()), { type: "Create", properties })).toMatchObject({ Status: "FAILED" });
  });

  it("fails with Route 53's reason, and at its deadline", async () => {
    const accounts = new FakeAccounts();
    accounts.application.failure = new Error("AccessDenied");
    expect(await invoke(workloadCustomDomain(accounts), CREATE)).toMatchObject({ Reason: expect.stringContaining("AccessDenied") });
    expect(await invoke(workloadCustomDomain(hangingCalls()), CREATE, { wait: waitOnlyForDeadline })).toMatchObject({ Status: "FAILED" });
  });
});
