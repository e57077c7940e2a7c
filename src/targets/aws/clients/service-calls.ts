import { setTimeout as wait } from "node:timers/promises";
import { parseXML } from "@aws-sdk/xml-builder";
import { HttpRequest } from "@smithy/core/protocols";
import { isServerError, isThrottlingError, isTransientError } from "@smithy/core/retry";
import { Hash, streamCollector } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import { openHttp, type AwsConnection } from "./connection.ts";
import { serviceEndpoint, services, type ServiceName } from "./service-endpoint.ts";
import { codeOf, unreadableAnswer } from "./to-problem.ts";

/*
 * What nearly every command asks of AWS goes to three services, whose clients in the SDK take longer to load than the rest of the command
 * takes to run. The parts of the SDK sign, send and tell what may be tried again; only the clients are ours (docs/decisions/0095).
 */

/** What of an answer is not its text. */
export interface AnswerMetadata {
  readonly httpStatusCode: number;
  /** What AWS wants to know when it is asked about the call. */
  readonly requestId?: string;
}

/** An answer of AWS that is an error: named by its code, with `$metadata`, as the SDK's clients throw it. */
export class AnswerError extends Error {
  readonly $metadata: AnswerMetadata;

  constructor(code: string, message: string, metadata: AnswerMetadata) {
    super(message);
    this.name = code;
    this.$metadata = metadata;
  }
}

/** What is asked of a service. */
interface Call {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Tries of a call, the first one among them. */
const attempts = 5;

/** Calls an action of a service that takes and gives JSON; answers with the parsed answer. `target` is e.g. `AmazonSSM.GetParameter`. */
export function openJsonService(service: ServiceName, connection: AwsConnection): (target: string, input: object) => Promise<unknown> {
  const send = openService(service, connection, json);
  return async (target, input) => {
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": target };
    return readAnswer(await send({ headers, body: JSON.stringify(input) }), json.parse);
  };
}

/** Calls an action of a service that takes a form and gives XML; answers with what is inside the action's result. */
export function openQueryService(
  service: ServiceName,
  version: string,
  connection: AwsConnection,
): (action: string, input: Readonly<Record<string, string>>) => Promise<unknown> {
  const send = openService(service, connection, query);
  return async (action, input) => {
    const body = new URLSearchParams({ Action: action, Version: version, ...input }).toString();
    const text = await send({ headers: { "content-type": "application/x-www-form-urlencoded" }, body });
    const response = fieldOf(readAnswer(text, query.parse), `${action}Response`);
    if (response === undefined) throw unreadable(text);
    return fieldOf(response, `${action}Result`);
  };
}

/** Reads the text of a success; throws an {@link AnswerError} when something else than the service must have written it. */
function readAnswer(text: string, parse: Protocol["parse"]): unknown {
  try {
    return parse(text);
  } catch {
    throw unreadable(text);
  }
}

const unreadable = (text: string): AnswerError => new AnswerError(unreadableAnswer, text.slice(0, 200), { httpStatusCode: 200 });

/** How answers of a service are read. */
interface Protocol {
  readonly parse: (text: string) => unknown;
  /** Of the parsed answer of a failure; the code is empty where none is told. */
  readonly failureOf: (answer: unknown) => { readonly code: string; readonly message: string };
}

/** Failures are e.g. `{"__type":"com.amazonaws.ssm#ParameterNotFound","message":"…"}`. */
const json: Protocol = {
  parse: JSON.parse,
  failureOf: (answer) => ({
    code: textOf(answer, "__type").replace(/^.*#/, "").replace(/:.*$/, ""),
    message: textOf(answer, "message") || textOf(answer, "Message"),
  }),
};

/** Failures are e.g. `<ErrorResponse><Error><Code>ValidationError</Code><Message>…</Message></Error></ErrorResponse>`. */
const query: Protocol = {
  parse: parseXML,
  failureOf: (answer) => {
    const response = fieldOf(answer, "ErrorResponse") ?? fieldOf(answer, "Response");
    const error = fieldOf(response, "Error") ?? fieldOf(fieldOf(response, "Errors"), "Error");
    return { code: textOf(error, "Code"), message: textOf(error, "Message") };
  },
};

function readFailure(text: string, metadata: AnswerMetadata, { parse, failureOf }: Protocol): AnswerError {
  const status = `HTTP ${metadata.httpStatusCode}`;
  let answer: unknown;
  try {
    answer = parse(text);
  } catch {
    return new AnswerError(status, text.slice(0, 200), metadata);
  }
  const { code, message } = failureOf(answer);
  return new AnswerError(code || status, message, metadata);
}

function openService(service: ServiceName, connection: AwsConnection, protocol: Protocol): (call: Call) => Promise<string> {
  const { region, credentials, userAgent, signal } = connection;
  const http = openHttp(connection);
  const signer = new SignatureV4({ service: services[service].prefix, region, credentials, sha256: Hash.bind(null, "sha256") });
  const agent = userAgent.map(([name, version]) => `${name}/${version}`).join(" ");
  let endpoint: Promise<URL> | undefined;
  const attempt = async ({ headers, body }: Call): Promise<string> => {
    endpoint ??= serviceEndpoint(service, region);
    const url = await endpoint;
    const unsigned = new HttpRequest({
      method: "POST",
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port === "" ? {} : { port: Number(url.port) }),
      path: url.pathname,
      headers: { ...headers, host: url.host, "user-agent": agent, "content-length": String(Buffer.byteLength(body)) },
      body,
    });
    const { response } = await http.handle(new HttpRequest(await signer.sign(unsigned)));
    const text = Buffer.from(await streamCollector(response.body)).toString("utf8");
    const requestId = response.headers["x-amzn-requestid"];
    if (response.statusCode >= 300)
      throw readFailure(text, { httpStatusCode: response.statusCode, ...(requestId === undefined ? {} : { requestId }) }, protocol);
    return text;
  };
  return (call) => tryAgain(() => attempt(call), signal);
}

async function tryAgain<T>(attempt: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (count === attempts || !mayPass(error)) throw error;
      // Waits of random length keep many programs that were refused together from coming back together.
      await wait(Math.random() * 100 * 2 ** count, undefined, signal === undefined ? {} : { signal });
    }
  }
}

/** Whether the same call may succeed a moment later. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const metadata = error instanceof AnswerError ? error.$metadata : {};
  const seen = { name: error.name, message: error.message, code: codeOf(error), $fault: "client" as const, $metadata: metadata };
  return isTransientError(seen) || isThrottlingError(seen) || isServerError(seen);
}

/** A field of an answer; `undefined` where there is none. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

/** A text of an answer; empty where there is none. */
export function textOf(value: unknown, name: string): string {
  const field = fieldOf(value, name);
  return typeof field === "string" ? field : typeof field === "number" || typeof field === "boolean" ? String(field) : "";
}

/** The members of a list in an answer: in JSON a list, in XML `member` once or several times. */
export function membersOf(value: unknown, name: string): readonly unknown[] {
  const field = fieldOf(value, name);
  const members = Array.isArray(field) ? field : fieldOf(field, "member");
  return Array.isArray(members) ? members : members === undefined || members === "" ? [] : [members];
}
