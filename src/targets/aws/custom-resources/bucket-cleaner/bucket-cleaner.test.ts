import { describe, expect, it } from "vitest";
import { hangingCalls, invoke, waitOnlyForDeadline, type Invocation } from "../../../../../test/fakes/custom-resources/invocation.ts";
import { bucketCleaner, type ObjectVersion, type VersionedBucket } from "./bucket-cleaner.ts";

const DELETE: Invocation = { type: "Delete", properties: { BucketName: "logs" }, physicalResourceId: "bucket-cleaner-TheAction" };

/** A bucket that lists a thousand versions at a time, as S3 does. */
class FakeBucket implements VersionedBucket {
  versions: ObjectVersion[];
  undeletable = new Set<string>();

  constructor(count: number) {
    this.versions = Array.from({ length: count }, (_, index) => ({ key: `log-${index % 700}`, versionId: String(index) }));
  }

  readonly exists = (bucket: string) => Promise.resolve(bucket === "logs");
  readonly someVersions = () => Promise.resolve(this.versions.slice(0, 1_000));
  readonly remove = (_: string, removed: readonly ObjectVersion[]) => {
    const ids = new Set(removed.map(({ versionId }) => versionId));
    const failed = removed.filter(({ key }) => this.undeletable.has(key));
    this.versions = this.versions.filter(({ key, versionId }) => !ids.has(versionId) || this.undeletable.has(key));
    return Promise.resolve(failed.map(({ key }) => ({ key, reason: "AccessDenied" })));
  };
}

describe("bucketCleaner", () => {
  it.each([0, 1, 1_000, 2_345])("deletes %i versions", async (count) => {
    const bucket = new FakeBucket(count);
    expect(await invoke(bucketCleaner(bucket), DELETE)).toMatchObject({
      Status: "SUCCESS",
      PhysicalResourceId: "bucket-cleaner-TheAction",
    });
    expect(bucket.versions).toEqual([]);
  });

  it.each(["Create", "Update"] as const)("touches nothing on %s", async (type) => {
    const bucket = new FakeBucket(3);
    expect(await invoke(bucketCleaner(bucket), { ...DELETE, type })).toMatchObject({ Status: "SUCCESS" });
    expect(bucket.versions).toHaveLength(3);
  });

  it("has nothing to do when the bucket is gone", async () => {
    const answer = await invoke(bucketCleaner(new FakeBucket(3)), { ...DELETE, properties: { BucketName: "other" } });
    expect(answer.Status).toBe("SUCCESS");
  });

  it("fails when objects stay", async () => {
    const bucket = new FakeBucket(5);
    bucket.undeletable = new Set(["log-2", "log-3"]);
    const answer = await invoke(bucketCleaner(bucket), DELETE);
    expect(answer).toMatchObject({
      Status: "FAILED",
      Reason: expect.stringContaining('2/5 objects failed to delete, the first being "log-2"'),
    });
  });

  it("fails at its deadline", async () => {
    expect(await invoke(bucketCleaner(hangingCalls()), DELETE, { wait: waitOnlyForDeadline })).toMatchObject({ Status: "FAILED" });
  });
});
