import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { CustomResourceEvent } from "./event.ts";
import { attempt, doublingAttempts, type Wait } from "./wait.ts";

/** What CloudFormation takes as an answer; everything beyond this many bytes makes it refuse the answer and wait for hours. */
export const MAX_ANSWER_BYTES = 4096;

/** What came of a request. */
export interface Outcome {
  readonly status: "SUCCESS" | "FAILED";
  readonly reason?: string;
  readonly physicalResourceId: string;
  /** What `GetAtt` reads. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Sends a body to an address by PUT and gives the status code. */
export type PutText = (url: string, body: string) => Promise<number>;

/** The body that CloudFormation expects. */
export function toAnswerBody(event: CustomResourceEvent, outcome: Outcome): string {
  return JSON.stringify({
    Status: outcome.status,
    Reason: outcome.reason,
    PhysicalResourceId: outcome.physicalResourceId,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    Data: outcome.data,
  });
}

/** A failure that says so where the data makes the answer longer than CloudFormation takes. */
export function toAcceptedOutcome(event: CustomResourceEvent, outcome: Outcome): Outcome {
  const bytes = Buffer.byteLength(toAnswerBody(event, outcome));
  if (outcome.status === "FAILED" || bytes <= MAX_ANSWER_BYTES) return outcome;
  const { physicalResourceId } = outcome;
  return { status: "FAILED", physicalResourceId, reason: `The answer has ${bytes} bytes: CloudFormation takes ${MAX_ANSWER_BYTES}` };
}

const ATTEMPTS = 5;

/** Sends the answer, several times if need be: a lost answer leaves the stack waiting for an hour or more. */
export async function sendAnswer(
  ways: { readonly put: PutText; readonly wait: Wait },
  event: CustomResourceEvent,
  outcome: Outcome,
): Promise<void> {
  const body = toAnswerBody(event, toAcceptedOutcome(event, outcome));
  let failure: unknown;
  const sent = await attempt(doublingAttempts(ATTEMPTS), ways.wait, async () => {
    try {
      const status = await ways.put(event.ResponseURL, body);
      if (status < 400) return true;
      failure = new Error(`Error ${status} from the response address`);
    } catch (error) {
      failure = error;
    }
    return undefined;
  });
  if (sent === undefined) throw failure;
}

/** Sends by Node's own client. The empty content type is part of what the address was signed for. */
export const putText: PutText = (url, body) =>
  new Promise((resolve, reject) => {
    const send = url.startsWith("http:") ? httpRequest : httpsRequest;
    const request = send(url, { method: "PUT", headers: { "content-type": "", "content-length": Buffer.byteLength(body) } }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode ?? 500));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
