import { HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { clientSettings, type AwsConnection } from "./connection.ts";
import { calling, codeOf } from "./to-problem.ts";

/** Objects in buckets of S3. */
export interface Objects {
  /** Puts an object whose key names its content, unless it is there. */
  readonly putOnce: (bucket: string, key: string, content: Uint8Array) => Promise<void>;
}

/** The buckets of a region. */
export function openObjects(connection: AwsConnection): Objects {
  const client = new S3Client({ ...clientSettings(connection), forcePathStyle: connection.pathStyle });
  const exists = async (bucket: string, key: string): Promise<boolean> => {
    try {
      await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return true;
    } catch (error) {
      if (["NotFound", "NoSuchKey"].includes(codeOf(error))) return false;
      throw error;
    }
  };
  return {
    putOnce: (bucket, key, content) =>
      calling(`upload ${key} to ${bucket}`, async () => {
        if (await exists(bucket, key)) return;
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content, ACL: "bucket-owner-full-control" }));
      }),
  };
}
