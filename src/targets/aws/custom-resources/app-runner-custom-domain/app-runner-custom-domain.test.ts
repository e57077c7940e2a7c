import { describe, expect, it } from "vitest";
import { valueRecord } from "../dns/zones.ts";
import { FakeAccounts } from "../../../../../test/fakes/custom-resources/fake-zones.ts";
import {
  FastClock,
  hangingCalls,
  invoke,
  waitOnlyForDeadline,
  type Invocation,
} from "../../../../../test/fakes/custom-resources/invocation.ts";
import { appRunnerCustomDomain, type AppRunnerDomains, type AssociatedDomain } from "./app-runner-custom-domain.ts";

const PROPERTIES = {
  ServiceARN: "arn:service",
  CustomDomain: "www.demo.example.com",
  AppDNSRole: "arn:role",
  AppDNSName: "demo.example.com",
};
const CREATE: Invocation = { type: "Create", properties: PROPERTIES };
const ID = "/associate-domain-app-runner/www.demo.example.com";
const RECORDS = [
  { name: "_a.www.demo.example.com", type: "CNAME", value: "a.acm.example" },
  { name: "_b.www.demo.example.com", type: "CNAME", value: "b.acm.example" },
];

/** Domains of one service: an association becomes pending after a while, and its removal takes a while too. */
class FakeDomains implements AppRunnerDomains {
  readonly domains = new Map<string, { status: string; looks: number }>();
  looksUntilPending = 0;
  looksUntilGone = 0;
  failing = false;

  readonly associate = (_: string, domain: string): Promise<string> => {
    if (!this.domains.has(domain)) this.domains.set(domain, { status: "creating", looks: this.looksUntilPending });
    return Promise.resolve("service.awsapprunner.example");
  };

  readonly find = (_: string, domain: string): Promise<AssociatedDomain | undefined> => {
    const found = this.domains.get(domain);
    if (found === undefined) return Promise.resolve(undefined);
    const isStill = found.looks-- <= 0;
    if (isStill && found.status === "deleting") {
      if (this.failing) return Promise.resolve({ status: "delete_failed", validationRecords: [] });
      this.domains.delete(domain);
      return Promise.resolve(undefined);
    }
    if (isStill && found.status === "creating") found.status = "pending_certificate_dns_validation";
    return Promise.resolve({ status: found.status, validationRecords: isStill ? RECORDS : [] });
  };

  readonly disassociate: AppRunnerDomains["disassociate"] = (_, domain) => {
    const found = this.domains.get(domain);
    if (found === undefined) return Promise.resolve(undefined);
    this.domains.set(domain, { status: "deleting", looks: this.looksUntilGone });
    return Promise.resolve({ status: "deleting", validationRecords: RECORDS, target: "service.awsapprunner.example" });
  };
}

function world() {
  const domains = new FakeDomains();
  const accounts = new FakeAccounts();
  return { domains, accounts, resource: appRunnerCustomDomain(domains, accounts) };
}

const ALL = ["CNAME _a.www.demo.example.com", "CNAME _b.www.demo.example.com", "CNAME www.demo.example.com"];

describe("appRunnerCustomDomain", () => {
  it.each(["Create", "Update"] as const)("associates the domain and writes its records on %s", async (type) => {
    const { resource, accounts } = world();
    expect(await invoke(resource, { ...CREATE, type })).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: ID });
    expect(accounts.application.namesIn("Z-APP")).toEqual(ALL);
    expect(await accounts.application.findRecord("Z-APP", "www.demo.example.com")).toEqual(
      valueRecord("www.demo.example.com", "CNAME", "service.awsapprunner.example"),
    );
  });

  it("works on a domain that is associated and active already", async () => {
    const { resource, domains, accounts } = world();
    domains.domains.set("www.demo.example.com", { status: "active", looks: 0 });
    expect(await invoke(resource, CREATE)).toMatchObject({ Status: "SUCCESS" });
    expect(accounts.application.namesIn("Z-APP")).toEqual(ALL);
  });

  it("waits for the validation records, but not for ever", async () => {
    const { resource, domains } = world();
    domains.looksUntilPending = 4;
    const clock = new FastClock();
    expect(await invoke(resource, CREATE, { wait: clock.wait })).toMatchObject({ Status: "SUCCESS" });
    expect(clock.waits).toEqual([3_000, 3_000, 3_000, 3_000]);
    const late = world();
    late.domains.looksUntilPending = 99;
    expect(await invoke(late.resource, CREATE)).toMatchObject({ Status: "FAILED", Reason: expect.stringContaining("stayed creating") });
  });

  it("waits for all records of a domain that is active at once, and takes what there is in the end", async () => {
    const { resource, domains, accounts } = world();
    domains.domains.set("www.demo.example.com", { status: "active", looks: 0 });
    const clock = new FastClock();
    expect(await invoke(resource, CREATE, { wait: clock.wait })).toMatchObject({ Status: "SUCCESS" });
    expect(clock.waits).toHaveLength(9);
    expect(accounts.application.namesIn("Z-APP")).toEqual(ALL);
  });

  it("answers also where the property that names it is missing", async () => {
    const { CustomDomain: _, ...properties } = CREATE.properties;
    const answer = await invoke(world().resource, { type: "Delete", properties, physicalResourceId: ID });
    expect(answer).toMatchObject({ Status: "FAILED", PhysicalResourceId: ID, Reason: expect.stringContaining("CustomDomain") });
  });

  it("removes association and records on delete, and waits for the end of it", async () => {
    const { resource, domains, accounts } = world();
    await invoke(resource, CREATE);
    await accounts.application.remove("Z-APP", valueRecord("_a.www.demo.example.com", "CNAME", "a.acm.example"));
    domains.looksUntilGone = 5;
    const clock = new FastClock();
    expect(await invoke(resource, { ...CREATE, type: "Delete", physicalResourceId: ID }, { wait: clock.wait })).toMatchObject({
      Status: "SUCCESS",
    });
    expect(clock.waits).toHaveLength(5);
    expect(accounts.application.namesIn("Z-APP")).toEqual([]);
  });

  it("keeps the association while its records cannot be reached, so that the deletion can be tried again", async () => {
    const { resource, domains, accounts } = world();
    await invoke(resource, CREATE);
    accounts.application.failure = new Error("AccessDenied");
    expect(await invoke(resource, { ...CREATE, type: "Delete", physicalResourceId: ID })).toMatchObject({ Status: "FAILED" });
    expect(domains.domains.has("www.demo.example.com")).toBe(true);
    accounts.application.failure = undefined;
    expect(await invoke(resource, { ...CREATE, type: "Delete", physicalResourceId: ID })).toMatchObject({ Status: "SUCCESS" });
    expect(accounts.application.namesIn("Z-APP")).toEqual([]);
  });

  it("needs no zone to delete what was never associated", async () => {
    const { resource, accounts } = world();
    accounts.application.failure = new Error("AccessDenied");
    expect(await invoke(resource, { ...CREATE, type: "Delete" })).toMatchObject({ Status: "SUCCESS" });
  });

  it("has nothing to delete where the domain is not associated", async () => {
    expect(await invoke(world().resource, { ...CREATE, type: "Delete" })).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: ID });
  });

  it("fails when App Runner cannot remove the domain", async () => {
    const { resource, domains } = world();
    await invoke(resource, CREATE);
    domains.failing = true;
    expect(await invoke(resource, { ...CREATE, type: "Delete" })).toMatchObject({
      Status: "FAILED",
      Reason: expect.stringContaining("delete_failed"),
    });
  });

  it("fails on a missing zone and at its deadline", async () => {
    const { resource, accounts } = world();
    accounts.application.domains.clear();
    expect(await invoke(resource, CREATE)).toMatchObject({ Status: "FAILED", Reason: expect.stringContaining("demo.example.com") });
    const hanging = appRunnerCustomDomain(hangingCalls(), hangingCalls());
    expect(await invoke(hanging, CREATE, { wait: waitOnlyForDeadline })).toMatchObject({ Status: "FAILED", PhysicalResourceId: ID });
  });
});
