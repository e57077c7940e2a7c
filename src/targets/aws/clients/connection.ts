import { setMaxListeners } from "node:events";
import { NodeHttpHandler } from "@smithy/node-http-handler";

/** Credentials of AWS as its SDK takes them; asked for again when they have expired. */
export type CredentialSource = () => Promise<AwsCredentials>;

/** Keys of a person, a role or a machine. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** As whom and where AWS is called. */
export interface AwsConnection {
  readonly region: string;
  readonly credentials: CredentialSource;
  /** What calls itself so to AWS: pairs of a name and a version. */
  readonly userAgent: readonly (readonly [string, string])[];
  /** Whether buckets are named in paths instead of host names: endpoints that are not AWS's own have no names for them. */
  readonly pathStyle: boolean;
  /** Ends the calls that are under way. */
  readonly signal?: AbortSignal;
}

/** How long a connection may take to be made, in milliseconds. */
const connectionTimeout = 10_000;

/** How long a call may be silent, in milliseconds; an upload is not silent. */
const socketTimeout = 30_000;

/** Calls by HTTP; those that are under way end with the signal, and so does whoever waits for them. */
class EndingHandler extends NodeHttpHandler {
  readonly #signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    super({ connectionTimeout, socketTimeout });
    this.#signal = signal;
    // Every call that is under way listens: many are no leak.
    if (signal !== undefined) setMaxListeners(0, signal);
  }

  override handle(...[request, options]: Parameters<NodeHttpHandler["handle"]>): ReturnType<NodeHttpHandler["handle"]> {
    return super.handle(request, this.#signal === undefined ? options : { ...options, abortSignal: this.#signal });
  }
}

/** What sends requests for a connection; it keeps connections open for the next ones. */
export const openHttp = ({ signal }: AwsConnection): NodeHttpHandler => new EndingHandler(signal);

/** The settings that every client of the SDK is made with. */
export const clientSettings = (connection: AwsConnection) => ({
  region: connection.region,
  credentials: connection.credentials,
  customUserAgent: connection.userAgent.map(([name, version]): [string, string] => [name, version]),
  maxAttempts: 5,
  requestHandler: openHttp(connection),
});
