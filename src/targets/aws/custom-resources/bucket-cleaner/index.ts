import { DeleteObjectsCommand, HeadBucketCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { toHandler } from "../lambda/custom-resource.ts";
import { bucketCleaner, type VersionedBucket } from "./bucket-cleaner.ts";

const GONE: ReadonlySet<string> = new Set(["NotFound", "NoSuchBucket", "ResourceNotFoundException"]);

/** The calls, made by a client. */
export function s3VersionedBucket(client: S3Client): VersionedBucket {
  return {
    exists: async (bucket) => {
      try {
        await client.send(new HeadBucketCommand({ Bucket: bucket }));
        return true;
      } catch (error) {
        if (error instanceof Error && GONE.has(error.name)) return false;
        throw error;
      }
    },
    someVersions: async (bucket) => {
      const { Versions: versions = [], DeleteMarkers: markers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
      return [...versions, ...markers].map(({ Key: key = "", VersionId: versionId }) => ({ key, versionId }));
    },
    remove: async (bucket, versions) => {
      const Objects = versions.map(({ key, versionId }) => ({ Key: key, VersionId: versionId }));
      const { Errors: errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }));
      return errors.map(({ Key: key = "", Message: reason = "" }) => ({ key, reason }));
    },
  };
}

/** What Lambda calls. */
export const handler = toHandler(bucketCleaner(s3VersionedBucket(new S3Client())));
