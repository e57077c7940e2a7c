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
const unreachable = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "TimeoutError",
]);
const throttled = new Set(["Throttling", "ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded", "SlowDown"]);
const networkHint = "check the network, the proxy, AWS_REGION and AWS_ENDPOINT_URL";

/** A failure of a call as something that a person can put right; what is none of AWS's answers is returned as it is. `what` is the call. */
export function toProblem(error: unknown, what: string): unknown {
  if (!(error instanceof Error) || error instanceof Problem || error.name === "AbortError") return error;
  const message = error.message.split("\n")[0] ?? "";
  const because = (code: string, reason: string, hint: string): Problem => new Problem(code, `${what}: ${reason}`, { cause: error, hint });
  if (error.name === "CredentialsProviderError")
    return because("aws-credentials-missing", `there are no credentials of AWS (${message})`, credentialsHint);
  if (message.startsWith("Region is missing"))
    return because("aws-region-missing", "no region is set", "set AWS_REGION, or `region` in the profile by `aws configure set region`");
  if (message.startsWith("Region not accepted"))
    return because(
      "aws-region-invalid",
      `the region that is set is none (${message})`,
      "set AWS_REGION to the name of a region, e.g. us-west-2",
    );
  if (codeOf(error) === "ERR_INVALID_URL")
    return because("aws-endpoint-invalid", "the address that is set for AWS is no URL", "correct AWS_ENDPOINT_URL, or leave it unset");
  if (expired.has(error.name)) return because("aws-credentials-expired", "the credentials have expired", "sign in again");
  if (unknownKeys.has(error.name))
    return because("aws-credentials-invalid", `AWS does not know the credentials (${message})`, credentialsHint);
  if (refused.has(error.name))
    return because(
      "aws-access-denied",
      `access was denied: ${message}`,
      "use credentials that are allowed to do this, or ask whoever gives them",
    );
  if (unreachable.has(codeOf(error))) return because("aws-unreachable", `AWS cannot be reached (${message})`, networkHint);
  // What stands between here and AWS answers with pages, which are neither JSON nor XML.
  if (isAnswer(error) && (error instanceof SyntaxError || error.name === unreadableAnswer)) return strangeAnswer(what, message);
  if (isAnswer(error)) return because("aws-call-failed", `AWS answered ${error.name}: ${message}`, hintOf(error));
  return error;
}

/** Name of the error for a success that cannot be read. */
export const unreadableAnswer = "UnreadableAnswer";

/** What is told of an answer that AWS does not give. */
export const strangeAnswer = (what: string, reason: string): Problem =>
  new Problem("aws-unreachable", `${what}: what answered is not AWS (${reason})`, { hint: networkHint });

/** The error code of an answer or of the system, e.g. `ParameterNotFound` or `ECONNREFUSED`. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

type Answer = Error & { readonly $metadata: unknown };

const isAnswer = (error: Error): error is Answer => "$metadata" in error;

function hintOf({ name, $metadata: metadata }: Answer): string {
  if (throttled.has(name)) return "wait a minute, and try again: it was tried several times already";
  const known = typeof metadata === "object" && metadata !== null && "requestId" in metadata;
  return `try again; if it stays, ask AWS${known ? ` about the request ${String(metadata.requestId)}` : ""}`;
}

/** Does a call; its failure is told as a Problem. */
export async function calling<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toProblem(error, what);
  }
}
