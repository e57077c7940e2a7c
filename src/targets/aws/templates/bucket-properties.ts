/** No one reads a bucket without being named in a policy. */
export const closedToThePublic = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
} as const;

/** Objects are encrypted with a key that S3 keeps. */
export const encryptedByS3 = {
  ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
} as const;
