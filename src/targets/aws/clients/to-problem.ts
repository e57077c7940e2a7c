import { Problem } from "../../../model/problem.ts";

const credentialsHint = "run `aws configure`, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";

const expired = new Set(["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"]);
const refused = new Set(["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"]);
const unknownKeys = new Set([
  "UnrecognizedClientException",
  "InvalidClientTokenId",
  "InvalidAccessKeyId",
  "SignatureDoesNotMatch",
  "AuthFailure",
]);
const unreachable = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "ECONNRESET", "EHOSTUNREACH"]);

/** A failure of a call as something that a person can put right; what is none of AWS's answers is returned as it is. `what` is the call. */
export function toProblem(error: unknown, what: string): unknown {
  if (!(error instanceof Error) || error instanceof Problem) return error;
  const message = error.message.split("\n")[0] ?? "";
  const because = (code: string, reason: string, hint: string): Problem => new Problem(code, `${what}: ${reason}`, { cause: error, hint });
  if (error.name === "CredentialsProviderError")
    return because("aws-credentials-missing", `there are no credentials of AWS (${message})`, credentialsHint);
  if (message.startsWith("Region is missing"))
    return because("aws-region-missing", "no region is set", "set AWS_REGION, or `region` in the profile by `aws configure set region`");
  if (expired.has(error.name)) return because("aws-credentials-expired", "the credentials have expired", "sign in again");
  if (unknownKeys.has(error.name))
    return because("aws-credentials-invalid", `AWS does not know the credentials (${message})`, credentialsHint);
  if (refused.has(error.name))
    return because(
      "aws-access-denied",
      `access was denied: ${message}`,
      "use credentials that are allowed to do this, or ask whoever gives them",
    );
  if (unreachable.has(codeOf(error)))
    return because("aws-unreachable", `AWS cannot be reached (${message})`, "check the network, the proxy and AWS_ENDPOINT_URL");
  if (isAnswer(error))
    return because("aws-call-failed", `AWS answered ${error.name}: ${message}`, "try again; if it stays, ask with the request's id");
  return error;
}

/** The error code of an answer or of the system, e.g. `ParameterNotFound` or `ECONNREFUSED`. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

const isAnswer = (error: Error): boolean => "$metadata" in error;

/** Does a call; its failure is told as a Problem. */
export async function calling<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toProblem(error, what);
  }
}
