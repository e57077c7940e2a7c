import { describe, expect, it } from "vitest";
import { FakeCertificates } from "../../../../../test/fakes/custom-resources/fake-certificates.ts";
import {
  FastClock,
  hangingCalls,
  invoke,
  waitOnlyForDeadline,
  type Invocation,
} from "../../../../../test/fakes/custom-resources/invocation.ts";
import { certificateReplicator } from "./certificate-replicator.ts";

function world() {
  const source = new FakeCertificates("us-west-2");
  const target = new FakeCertificates("us-east-1");
  const names = ["test.demo.example.com", "*.test.demo.example.com"];
  const arn = source.add({ domainName: "test.demo.example.com", alternativeNames: names, idempotencyToken: "a", tags: {} });
  const properties = { AppName: "demo", EnvName: "test", TargetRegion: "us-east-1", EnvRegion: "us-west-2", CertificateArn: arn };
  const create: Invocation = { type: "Create", properties };
  return { target, create, resource: certificateReplicator((region) => (region === "us-east-1" ? target : source)) };
}

describe("certificateReplicator", () => {
  it.each(["Create", "Update"] as const)("copies the names of the certificate into the other region on %s", async (type) => {
    const { resource, create, target } = world();
    const answer = await invoke(resource, { ...create, type });
    expect(answer).toMatchObject({ Status: "SUCCESS", Data: { Arn: answer.PhysicalResourceId } });
    expect(target.stored.get(answer.PhysicalResourceId)?.request).toMatchObject({
      domainName: "test.demo.example.com",
      alternativeNames: ["test.demo.example.com", "*.test.demo.example.com"],
      tags: { "copilot-application": "demo", "copilot-environment": "test" },
    });
  });

  it("deletes the copy once nothing uses it", async () => {
    const { resource, create, target } = world();
    const { PhysicalResourceId: arn } = await invoke(resource, create);
    const stored = target.stored.get(arn);
    if (stored !== undefined) stored.looksUntilUnused = 3;
    const clock = new FastClock();
    expect(await invoke(resource, { ...create, type: "Delete", physicalResourceId: arn }, { wait: clock.wait })).toMatchObject({
      Status: "SUCCESS",
    });
    expect(clock.waits).toEqual([30_000, 30_000, 30_000]);
    expect(target.deleted).toEqual([arn]);
    expect(await invoke(resource, { ...create, type: "Delete", physicalResourceId: arn })).toMatchObject({ Status: "SUCCESS" });
    expect(await invoke(resource, { ...create, type: "Delete", physicalResourceId: "log-stream" })).toMatchObject({ Status: "SUCCESS" });
  });

  it("fails when the copy stays in use, is not validated, or has no original", async () => {
    const { resource, create, target } = world();
    const { PhysicalResourceId: arn } = await invoke(resource, create);
    const stored = target.stored.get(arn);
    if (stored !== undefined) stored.looksUntilUnused = 99;
    expect(await invoke(resource, { ...create, type: "Delete", physicalResourceId: arn })).toMatchObject({ Status: "FAILED" });
    target.validationFailure = new Error("TimeoutError");
    expect(await invoke(resource, create)).toMatchObject({ Status: "FAILED", PhysicalResourceId: arn });
    const properties = { ...create.properties, CertificateArn: "arn:none" };
    expect(await invoke(resource, { type: "Create", properties })).toMatchObject({
      Reason: expect.stringContaining("arn:none does not exist"),
    });
  });

  it("fails at its deadline", async () => {
    const { create } = world();
    expect(
      await invoke(
        certificateReplicator(() => hangingCalls()),
        create,
        { wait: waitOnlyForDeadline },
      ),
    ).toMatchObject({ Status: "FAILED" });
  });
});
