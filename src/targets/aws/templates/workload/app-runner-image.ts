const privateRepository = /^\d{12}\.dkr\.ecr\.[^.]+\.amazonaws\.com\//;
const publicRepository = /^public\.ecr\.aws\//;

/** The kind of repository that an image is in, as App Runner calls it; `undefined` for one that App Runner cannot pull from. */
export function imageRepository(reference: string): "ECR" | "ECR_PUBLIC" | undefined {
  if (privateRepository.test(reference)) return "ECR";
  return publicRepository.test(reference) ? "ECR_PUBLIC" : undefined;
}
