import type { CustomResource } from "../lambda/custom-resource.ts";
import { readText } from "../lambda/event.ts";

/** One version of an object, or a mark that it was deleted. */
export interface ObjectVersion {
  readonly key: string;
  readonly versionId: string | undefined;
}

/** The calls of S3 that the function makes. */
export interface VersionedBucket {
  readonly exists: (bucket: string) => Promise<boolean>;
  /** Up to a thousand of the versions and deletion marks that are left. */
  readonly someVersions: (bucket: string) => Promise<readonly ObjectVersion[]>;
  /** Deletes them and gives those that could not be, with the reason. */
  readonly remove: (
    bucket: string,
    versions: readonly ObjectVersion[],
  ) => Promise<readonly { readonly key: string; readonly reason: string }[]>;
}

/** Empties a bucket, old versions included, before CloudFormation deletes it. */
export function bucketCleaner(buckets: VersionedBucket): CustomResource {
  return {
    deadlineMinutes: 14.5,
    physicalResourceId: (event) => event.PhysicalResourceId ?? `bucket-cleaner-${event.LogicalResourceId}`,
    create: () => Promise.resolve(undefined),
    update: () => Promise.resolve(undefined),
    delete: async ({ event }) => {
      const bucket = readText(event.ResourceProperties, "BucketName");
      if (!(await buckets.exists(bucket))) return;
      for (let left = await buckets.someVersions(bucket); left.length > 0; left = await buckets.someVersions(bucket)) {
        const [failure, ...others] = await buckets.remove(bucket, left);
        if (failure === undefined) continue;
        throw new Error(
          `${others.length + 1}/${left.length} objects failed to delete, the first being "${failure.key}": ${failure.reason}`,
        );
      }
    },
  };
}
