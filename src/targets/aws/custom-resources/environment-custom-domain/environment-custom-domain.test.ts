import { describe, expect, it } from "vitest";
import { aliasRecord } from "../dns/zones.ts";
import { FakeAccounts } from "../../../../../test/fakes/custom-resources/fake-zones.ts";
import { hangingCalls, invoke, waitOnlyForDeadline, type Invocation } from "../../../../../test/fakes/custom-resources/invocation.ts";
import { environmentCustomDomain } from "./environment-custom-domain.ts";

const PROPERTIES = {
  AppName: "demo",
  EnvName: "test",
  DomainName: "example.com",
  AppDNSRole: "arn:role",
  PublicAccessDNS: "alb.example",
  PublicAccessHostedZone: "Z-ALB",
  Aliases: '{"web":["www.example.com","web.test.demo.example.com"],"api":["api.demo.example.com","elsewhere.org"]}',
};
const CREATE: Invocation = { type: "Create", properties: PROPERTIES };

async function created(): Promise<FakeAccounts> {
  const accounts = new FakeAccounts();
  expect(await invoke(environmentCustomDomain(accounts), CREATE)).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: "TheAction" });
  return accounts;
}

describe("environmentCustomDomain", () => {
  it("writes the aliases of all workloads and passes over foreign names", async () => {
    const accounts = await created();
    expect(accounts.own.namesIn("Z-ENV")).toEqual(["A web.test.demo.example.com"]);
    expect(accounts.application.namesIn("Z-APP")).toEqual(["A api.demo.example.com"]);
    expect(accounts.application.namesIn("Z-ROOT")).toEqual(["A www.example.com"]);
  });

  it("removes what an update no longer has, although the load balancer is another one", async () => {
    const accounts = await created();
    const properties = { ...PROPERTIES, PublicAccessDNS: "cdn.example", Aliases: '{"web":["web.test.demo.example.com"]}' };
    const answer = await invoke(environmentCustomDomain(accounts), { type: "Update", properties, oldProperties: PROPERTIES });
    expect(answer.Status).toBe("SUCCESS");
    expect(accounts.application.namesIn("Z-APP")).toEqual([]);
    expect(accounts.application.namesIn("Z-ROOT")).toEqual([]);
    expect(await accounts.own.findRecord("Z-ENV", "web.test.demo.example.com")).toMatchObject({ content: { dnsName: "cdn.example" } });
  });

  it("removes with the role of today what an update no longer has", async () => {
    const accounts = await created();
    accounts.assumedRoles.length = 0;
    const properties = { ...PROPERTIES, AppDNSRole: "arn:new-role", Aliases: "" };
    await invoke(environmentCustomDomain(accounts), { type: "Update", properties, oldProperties: PROPERTIES });
    expect(new Set(accounts.assumedRoles)).toEqual(new Set(["arn:new-role"]));
    expect(accounts.application.namesIn("Z-ROOT")).toEqual([]);
  });

  it("updates stacks of templates that named the target after the load balancer", async () => {
    const accounts = await created();
    const { PublicAccessDNS: LoadBalancerDNS, PublicAccessHostedZone: LoadBalancerHostedZone, ...others } = PROPERTIES;
    const oldProperties = { ...others, LoadBalancerDNS, LoadBalancerHostedZone };
    const resource = environmentCustomDomain(accounts);
    expect(await invoke(resource, { ...CREATE, type: "Update", oldProperties })).toMatchObject({ Status: "SUCCESS" });
    const properties = { ...PROPERTIES, Aliases: '{"web":["www.example.com"]}' };
    expect(await invoke(resource, { type: "Update", properties, oldProperties })).toMatchObject({ Status: "SUCCESS" });
    expect(accounts.application.namesIn("Z-APP")).toEqual([]);
    expect(accounts.application.namesIn("Z-ROOT")).toEqual(["A www.example.com"]);
    expect(await invoke(resource, { type: "Delete", properties: oldProperties })).toMatchObject({ Status: "SUCCESS" });
    expect(accounts.application.namesIn("Z-ROOT")).toEqual([]);
  });

  it("removes its records on delete, those that are gone or not its own left alone", async () => {
    const accounts = await created();
    await accounts.own.remove("Z-ENV", aliasRecord("web.test.demo.example.com", { dnsName: "alb.example", hostedZoneId: "Z-ALB" }));
    await accounts.application.upsert("Z-ROOT", aliasRecord("www.example.com", { dnsName: "other.example", hostedZoneId: "Z" }));
    const answer = await invoke(environmentCustomDomain(accounts), { ...CREATE, type: "Delete", physicalResourceId: "CustomDomainAction" });
    expect(answer).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: "CustomDomainAction" });
    expect(accounts.application.namesIn("Z-APP")).toEqual([]);
    expect(accounts.application.namesIn("Z-ROOT")).toEqual(["A www.example.com"]);
  });

  it("fails on a missing zone, on broken aliases and at its deadline", async () => {
    const accounts = new FakeAccounts();
    accounts.own.domains.clear();
    expect(await invoke(environmentCustomDomain(accounts), CREATE)).toMatchObject({
      Reason: expect.stringContaining("test.demo.example.com"),
    });
    const broken = { ...PROPERTIES, Aliases: "{" };
    expect(await invoke(environmentCustomDomain(accounts), { type: "Create", properties: broken })).toMatchObject({ Status: "FAILED" });
    expect(await invoke(environmentCustomDomain(hangingCalls()), CREATE, { wait: waitOnlyForDeadline })).toMatchObject({
      Status: "FAILED",
    });
  });
});
