import { describe, expect, it } from "vitest";
import { aliasRecord } from "../dns/zones.ts";
import { FakeCertificates } from "../../../../../test/fakes/custom-resources/fake-certificates.ts";
import { FakeAccounts } from "../../../../../test/fakes/custom-resources/fake-zones.ts";
import {
  FastClock,
  hangingCalls,
  invoke,
  waitOnlyForDeadline,
  type Invocation,
} from "../../../../../test/fakes/custom-resources/invocation.ts";
import { workloadCertificate, type WorkloadCertificateCalls } from "./workload-certificate.ts";

const PROPERTIES = {
  LoadBalancerDNS: "nlb.example",
  EnvHostedZoneId: "Z-ENV",
  EnvName: "test",
  AppName: "demo",
  ServiceName: "api",
  RootDNSRole: "arn:role",
  DomainName: "example.com",
  Aliases: ["www.example.com", "api.demo.example.com"],
};
const CREATE: Invocation = { type: "Create", properties: PROPERTIES };
const ALL_RECORDS = ["CNAME _check.api-nlb.test.demo.example.com", "CNAME _check.api.demo.example.com", "CNAME _check.www.example.com"];

class World implements WorkloadCertificateCalls {
  readonly zones = new FakeAccounts();
  readonly regions = new Map<string | undefined, FakeCertificates>();

  readonly certificatesIn = (region?: string): FakeCertificates => {
    const certificates = this.regions.get(region) ?? new FakeCertificates(region);
    this.regions.set(region, certificates);
    return certificates;
  };

  readonly findCertificates: WorkloadCertificateCalls["findCertificates"] = async (tags, region) =>
    [...this.certificatesIn(region).stored]
      .filter(([, { request }]) => JSON.stringify(request.tags) === JSON.stringify(tags))
      .map(([arn]) => arn);

  records(): readonly string[] {
    const { own, application } = this.zones;
    return [...own.namesIn("Z-ENV"), ...application.namesIn("Z-APP"), ...application.namesIn("Z-ROOT")];
  }
}

async function created(invocation = CREATE) {
  const world = new World();
  const answer = await invoke(workloadCertificate(world), invocation);
  expect(answer.Status).toBe("SUCCESS");
  return { world, arn: answer.PhysicalResourceId };
}

describe("workloadCertificate", () => {
  it("requests a certificate, proves its names and gives its ARN", async () => {
    const { world, arn } = await created();
    expect(arn).toMatch(/^arn:aws:acm:us-west-2:/);
    expect(world.records()).toEqual(ALL_RECORDS);
    expect(world.certificatesIn().stored.get(arn)?.request).toMatchObject({
      domainName: "api-nlb.test.demo.example.com",
      alternativeNames: ["www.example.com", "api.demo.example.com"],
      tags: { "copilot-application": "demo", "copilot-environment": "test", "copilot-service": "api" },
    });
  });

  it("makes a distribution's certificate in us-east-1, under the service's own name", async () => {
    const { LoadBalancerDNS: _, ...properties } = PROPERTIES;
    const { arn, world } = await created({ type: "Create", properties: { ...properties, IsCloudFrontCertificate: "true" } });
    expect(arn).toContain(":us-east-1:");
    expect(world.certificatesIn("us-east-1").stored.get(arn)?.request.domainName).toBe("api.test.demo.example.com");
  });

  it("waits for ACM to think of the records", async () => {
    const world = new World();
    world.certificatesIn().looksUntilRecords = 3;
    const clock = new FastClock();
    expect(await invoke(workloadCertificate(world), CREATE, { wait: clock.wait })).toMatchObject({ Status: "SUCCESS" });
    expect(clock.waits).toHaveLength(3);
    world.certificatesIn().looksUntilRecords = 99;
    const properties = { ...PROPERTIES, Aliases: ["other.example.com"] };
    expect(await invoke(workloadCertificate(world), { type: "Create", properties })).toMatchObject({
      Status: "FAILED",
      Reason: expect.stringContaining("not ready after 10 tries"),
      PhysicalResourceId: expect.stringMatching(/^arn:/),
    });
  });

  it("refuses an alias of another load balancer before it requests anything", async () => {
    const world = new World();
    await world.zones.application.upsert("Z-ROOT", aliasRecord("www.example.com", { dnsName: "other.example", hostedZoneId: "Z" }));
    expect(await invoke(workloadCertificate(world), CREATE)).toMatchObject({ Status: "FAILED", PhysicalResourceId: "TheAction" });
    expect(world.certificatesIn().stored.size).toBe(0);
  });

  it("keeps the certificate on an update with the same aliases, and makes another one otherwise", async () => {
    const { world, arn } = await created();
    const same = { ...PROPERTIES, Aliases: PROPERTIES.Aliases.toReversed() };
    const update = { type: "Update", oldProperties: PROPERTIES, physicalResourceId: arn } as const;
    expect((await invoke(workloadCertificate(world), { ...update, properties: same })).PhysicalResourceId).toBe(arn);
    const fewer = { ...PROPERTIES, Aliases: ["www.example.com"] };
    const answer = await invoke(workloadCertificate(world), { ...update, properties: fewer });
    expect(answer.PhysicalResourceId).not.toBe(arn);
    const deleted = await invoke(workloadCertificate(world), { type: "Delete", properties: PROPERTIES, physicalResourceId: arn });
    expect(deleted.Status).toBe("SUCCESS");
    expect(world.records()).toEqual(ALL_RECORDS.filter((name) => name !== "CNAME _check.api.demo.example.com"));
    expect([...world.certificatesIn().stored.keys()]).toEqual([answer.PhysicalResourceId]);
  });

  it("deletes certificate and records, waiting until nothing uses it", async () => {
    const { world, arn } = await created();
    const stored = world.certificatesIn().stored.get(arn);
    if (stored !== undefined) stored.looksUntilUnused = 4;
    const clock = new FastClock();
    const answer = await invoke(workloadCertificate(world), { ...CREATE, type: "Delete", physicalResourceId: arn }, { wait: clock.wait });
    expect(answer).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: arn });
    expect(world.records()).toEqual([]);
    expect(world.certificatesIn().deleted).toEqual([arn]);
    expect(new Set(clock.waits)).toEqual(new Set([30_000]));
  });

  it("keeps records of names that something else answers to by now", async () => {
    const { world, arn } = await created();
    await world.zones.application.upsert("Z-ROOT", aliasRecord("www.example.com", { dnsName: "other.example", hostedZoneId: "Z" }));
    await invoke(workloadCertificate(world), { ...CREATE, type: "Delete", physicalResourceId: arn });
    expect(world.records()).toEqual(["A www.example.com", "CNAME _check.www.example.com"]);
  });

  it("fails to delete a certificate that stays in use", async () => {
    const { world, arn } = await created();
    const stored = world.certificatesIn().stored.get(arn);
    if (stored !== undefined) stored.looksUntilUnused = 99;
    const answer = await invoke(workloadCertificate(world), { ...CREATE, type: "Delete", physicalResourceId: arn });
    expect(answer).toMatchObject({ Status: "FAILED", Reason: expect.stringContaining("still in use by arn:load-balancer") });
  });

  it.each(["2022/01/01/[$LATEST]stream", "arn:aws:acm:us-west-2:123456789012:certificate/gone"])(
    "has nothing to delete for %s",
    async (id) => {
      const answer = await invoke(workloadCertificate(new World()), { ...CREATE, type: "Delete", physicalResourceId: id });
      expect(answer).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: id });
    },
  );

  it("names the certificate when it is not validated, and fails at its deadline", async () => {
    const world = new World();
    world.certificatesIn().validationFailure = new Error("TimeoutError");
    expect(await invoke(workloadCertificate(world), CREATE)).toMatchObject({
      Status: "FAILED",
      PhysicalResourceId: expect.stringMatching(/^arn:/),
    });
    expect(await invoke(workloadCertificate(hangingCalls()), CREATE, { wait: waitOnlyForDeadline })).toMatchObject({ Status: "FAILED" });
  });
});
