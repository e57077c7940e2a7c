import type { Account } from "../clients/account.ts";
import type { S3Location } from "../workload-facts.ts";

/** Where something lies in the bucket of artifacts. */
export interface PlacedArtifact extends S3Location {
  /** As CloudFormation takes the address of a template. */
  readonly url: string;
  readonly arn: string;
}

/** The bucket of artifacts of a region. Keys name contents, so that putting one again changes nothing but when it was put. */
export interface ArtifactStore {
  readonly bucket: string;
  /** Says where it lies, once it does. */
  readonly place: (key: string, content: Uint8Array | string) => Promise<PlacedArtifact>;
}

/** Which bucket, and whether things are put there or only named. */
export interface ArtifactStoreOptions {
  readonly bucket: string;
  readonly partition: string;
  readonly uploads: boolean;
}

/** The bucket as `account` reaches it. */
export function openArtifactStore(account: Account, { bucket, partition, uploads }: ArtifactStoreOptions): ArtifactStore {
  const suffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return {
    bucket,
    place: async (key, content) => {
      if (uploads) {
        const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
        await (await account.objects()).put(bucket, key, bytes);
      }
      return {
        bucket,
        key,
        url: `https://${bucket}.s3.${account.region}.${suffix}/${key}`,
        arn: `arn:${partition}:s3:::${bucket}/${key}`,
      };
    },
  };
}
