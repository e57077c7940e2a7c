import { describe, expect, it } from "vitest";
import { FakeCertificates } from "../../../../../test/fakes/custom-resources/fake-certificates.ts";
import { FakeAccounts } from "../../../../../test/fakes/custom-resources/fake-zones.ts";
import {
  FastClock,
  hangingCalls,
  invoke,
  waitOnlyForDeadline,
  type Invocation,
} from "../../../../../test/fakes/custom-resources/invocation.ts";
import { environmentCertificate } from "./environment-certificate.ts";

const PROPERTIES = {
  AppName: "demo",
  EnvName: "test",
  DomainName: "example.com",
  Aliases: '{"web":["www.example.com"],"api":["api.demo.example.com","elsewhere.org"]}',
  EnvHostedZoneId: "Z-ENV",
  Region: "us-west-2",
  RootDNSRole: "arn:role",
};
const CREATE: Invocation = { type: "Create", properties: PROPERTIES };

function world() {
  const zones = new FakeAccounts();
  const certificates = new FakeCertificates();
  return { zones, certificates, resource: environmentCertificate({ zones, certificatesIn: () => certificates }) };
}

async function created() {
  const made = world();
  const answer = await invoke(made.resource, CREATE);
  expect(answer).toMatchObject({ Status: "SUCCESS", Data: { Arn: answer.PhysicalResourceId } });
  return { ...made, arn: answer.PhysicalResourceId };
}

describe("environmentCertificate", () => {
  it("makes a certificate for the subdomain, all below it and the aliases", async () => {
    const { arn, certificates, zones } = await created();
    expect(certificates.stored.get(arn)?.request).toMatchObject({
      domainName: "test.demo.example.com",
      alternativeNames: ["test.demo.example.com", "*.test.demo.example.com", "www.example.com", "api.demo.example.com"],
      tags: { "copilot-application": "demo", "copilot-environment": "test" },
    });
    expect(certificates.stored.get(arn)?.request.idempotencyToken).toMatch(/^[0-9a-f]{32}$/);
    expect(zones.own.namesIn("Z-ENV")).toEqual(["CNAME _check.test.demo.example.com"]);
    expect(zones.application.namesIn("Z-APP")).toEqual(["CNAME _check.api.demo.example.com"]);
    expect(zones.application.namesIn("Z-ROOT")).toEqual(["CNAME _check.www.example.com"]);
  });

  it("keeps the certificate while the names are the same, whatever their order", async () => {
    const { arn, resource } = await created();
    const properties = { ...PROPERTIES, Aliases: '{"other":["api.demo.example.com"],"web":["www.example.com","new.elsewhere.org"]}' };
    const answer = await invoke(resource, { type: "Update", properties, oldProperties: PROPERTIES, physicalResourceId: arn });
    expect(answer).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: arn, Data: { Arn: arn } });
  });

  it("keeps the certificate of templates that gave the whole domain and no application", async () => {
    const oldProperties = {
      DomainName: "test.demo.example.com",
      HostedZoneId: "Z-ENV",
      Region: "us-west-2",
      SubjectAlternativeNames: ["*.test.demo.example.com"],
    };
    const hanging = environmentCertificate({ zones: hangingCalls(), certificatesIn: hangingCalls() });
    const properties = { ...PROPERTIES, Aliases: "" };
    const kept = await invoke(hanging, { type: "Update", properties, oldProperties, physicalResourceId: "arn:live" });
    expect(kept).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: "arn:live" });
    const rolledBack = await invoke(hanging, {
      type: "Update",
      properties: oldProperties,
      oldProperties: PROPERTIES,
      physicalResourceId: "arn:live",
    });
    expect(rolledBack).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: "arn:live" });

    const { resource, certificates, zones } = world();
    const alternativeNames = ["*.test.demo.example.com"];
    const arn = certificates.add({ domainName: "test.demo.example.com", alternativeNames, idempotencyToken: "before", tags: {} });
    const replaced = await invoke(resource, { type: "Update", properties: PROPERTIES, oldProperties, physicalResourceId: arn });
    expect(replaced.PhysicalResourceId).not.toBe(arn);
    expect(await invoke(resource, { type: "Delete", properties: oldProperties, physicalResourceId: arn })).toMatchObject({
      Status: "SUCCESS",
    });
    expect([...certificates.stored.keys()]).toEqual([replaced.PhysicalResourceId]);
    expect(zones.own.namesIn("Z-ENV")).toEqual(["CNAME _check.test.demo.example.com"]);
  });

  it("makes another one for other names; deleting the old one keeps the records of the new", async () => {
    const { arn, resource, certificates, zones } = await created();
    const properties = { ...PROPERTIES, Aliases: '{"web":["www.example.com"]}' };
    // Another request has another id, and with it another token.
    const stored = certificates.stored.get(arn);
    if (stored !== undefined) certificates.stored.set(arn, { ...stored, request: { ...stored.request, idempotencyToken: "before" } });
    const answer = await invoke(resource, { type: "Update", properties, oldProperties: PROPERTIES, physicalResourceId: arn });
    expect(answer.PhysicalResourceId).not.toBe(arn);
    expect(await invoke(resource, { ...CREATE, type: "Delete", physicalResourceId: arn })).toMatchObject({ Status: "SUCCESS" });
    expect([...certificates.stored.keys()]).toEqual([answer.PhysicalResourceId]);
    expect(zones.application.namesIn("Z-APP")).toEqual([]);
    expect(zones.application.namesIn("Z-ROOT")).toEqual(["CNAME _check.www.example.com"]);
    expect(zones.own.namesIn("Z-ENV")).toEqual(["CNAME _check.test.demo.example.com"]);
  });

  it("waits until nothing uses the certificate before it deletes it with its records", async () => {
    const { arn, resource, certificates, zones } = await created();
    const stored = certificates.stored.get(arn);
    if (stored !== undefined) stored.looksUntilUnused = 2;
    const clock = new FastClock();
    expect(await invoke(resource, { ...CREATE, type: "Delete", physicalResourceId: arn }, { wait: clock.wait })).toMatchObject({
      Status: "SUCCESS",
    });
    expect(clock.waits).toEqual([30_000, 30_000]);
    expect(certificates.deleted).toEqual([arn]);
    expect(zones.own.namesIn("Z-ENV")).toEqual([]);
  });

  it.each(["2020/log-stream", "arn:aws:acm:us-west-2:123456789012:certificate/gone"])("has nothing to delete for %s", async (id) => {
    expect(await invoke(world().resource, { ...CREATE, type: "Delete", physicalResourceId: id })).toMatchObject({ Status: "SUCCESS" });
  });

  it("names the certificate when it is not validated", async () => {
    const { certificates, resource } = world();
    certificates.validationFailure = new Error("TimeoutError");
    expect(await invoke(resource, CREATE)).toMatchObject({ Status: "FAILED", PhysicalResourceId: expect.stringMatching(/^arn:/) });
  });

  it("waits for records that come late, but not for ever", async () => {
    const { certificates, resource } = world();
    certificates.looksUntilRecords = 2;
    expect(await invoke(resource, CREATE)).toMatchObject({ Status: "SUCCESS" });
    const late = world();
    late.certificates.looksUntilRecords = 10;
    expect(await invoke(late.resource, CREATE)).toMatchObject({ Status: "FAILED", Reason: expect.stringContaining("after 10 tries") });
  });

  it("fails at its deadline", async () => {
    const resource = environmentCertificate(hangingCalls());
    expect(await invoke(resource, CREATE, { wait: waitOnlyForDeadline })).toMatchObject({
      Status: "FAILED",
      PhysicalResourceId: "TheAction",
    });
  });
});
