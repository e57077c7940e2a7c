import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { clientSettings, type AwsConnection } from "./connection.ts";
import { calling } from "./to-problem.ts";

/** Objects in buckets of S3. */
export interface Objects {
  /** Puts an object; whether it is there is not asked, which the roles of environments may not. */
  readonly put: (bucket: string, key: string, content: Uint8Array) => Promise<void>;
}

/** The buckets of a region. */
export function openObjects(connection: AwsConnection): Objects {
  const client = new S3Client({ ...clientSettings(connection), forcePathStyle: connection.pathStyle });
  return {
    put: (bucket, key, content) =>
      calling(`upload ${key} to ${bucket}`, async () => {
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content, ACL: "bucket-owner-full-control" }));
      }),
  };
}
