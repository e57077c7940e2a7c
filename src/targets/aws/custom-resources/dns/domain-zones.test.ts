import { describe, expect, it } from "vitest";
import { FakeAccounts } from "../../../../../test/fakes/custom-resources/fake-zones.ts";
import { domainZones, levelOf, requireZone } from "./domain-zones.ts";

const NAMES = { environment: "test", application: "demo", domain: "example.com" };

describe("levelOf", () => {
  it.each([
    ["test.demo.example.com", "environment"],
    ["api.test.demo.example.com", "environment"],
    ["*.test.demo.example.com", "environment"],
    ["API.Test.demo.example.com.", "environment"],
    ["demo.example.com", "application"],
    ["prod.demo.example.com", "application"],
    ["example.com", "root"],
    ["www.example.com", "root"],
    ["a.b.test.demo.example.com", undefined],
    ["xtest.demo.example.com.evil.org", undefined],
    ["example.com.evil.org", undefined],
    ["myexample.com", undefined],
  ])("%s is of level %s", (host, level) => {
    expect(levelOf(host, NAMES)?.level).toBe(level);
  });
});

describe("domainZones", () => {
  it("uses the own account for the environment's zone and the delegated one above it", async () => {
    const accounts = new FakeAccounts();
    const find = domainZones({ names: NAMES, own: accounts.own, delegated: () => accounts.assuming("arn:role") });
    expect(await find("api.test.demo.example.com")).toEqual({ zones: accounts.own, zoneId: "Z-ENV" });
    expect(accounts.assumedRoles).toEqual([]);
    expect(await find("api.demo.example.com")).toEqual({ zones: accounts.application, zoneId: "Z-APP" });
    expect(await find("www.example.com")).toEqual({ zones: accounts.application, zoneId: "Z-ROOT" });
    expect(await find("www.other.org")).toBeUndefined();
  });

  it("does not search a zone whose id is given", async () => {
    const accounts = new FakeAccounts();
    accounts.own.failure = new Error("not asked");
    const find = domainZones({ names: NAMES, own: accounts.own, delegated: () => accounts.application, environmentZoneId: "Z-GIVEN" });
    expect(await find("test.demo.example.com")).toEqual({ zones: accounts.own, zoneId: "Z-GIVEN" });
  });

  it("names the zone that is missing", async () => {
    const accounts = new FakeAccounts();
    accounts.application.domains.clear();
    const find = domainZones({ names: NAMES, own: accounts.own, delegated: () => accounts.application });
    await expect(requireZone(find, "www.example.com")).rejects.toThrow("DNS name example.com");
    await expect(requireZone(find, "www.other.org")).rejects.toThrow("www.other.org is not within the domains");
  });
});
