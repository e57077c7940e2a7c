import type { AwsConnection, AwsCredentials, CredentialSource } from "./connection.ts";
import { fieldOf, openQueryService, textOf } from "./service-calls.ts";
import { calling } from "./to-problem.ts";

/** Takes on roles. */
export interface Identity {
  /** The credentials of a role, taken on at the first use and again before they expire. */
  readonly assume: (roleArn: string) => CredentialSource;
}

/** How long a role is taken on, in seconds: the shortest that AWS allows. */
const roleSeconds = 900;

/** Credentials that have less time than this left, in milliseconds, count as expired. */
const margin = 60_000;

/** Takes on roles by the credentials of a connection. `now` is in milliseconds since 1970. */
export function openIdentity(connection: AwsConnection, now: () => number): Identity {
  const call = openQueryService("sts", "2011-06-15", connection);
  const take = (roleArn: string): Promise<AwsCredentials> =>
    calling(`take on the role ${roleArn}`, async () => {
      const input = { RoleArn: roleArn, RoleSessionName: `copilot-${now()}`, DurationSeconds: String(roleSeconds) };
      const found = fieldOf(await call("AssumeRole", input), "Credentials");
      const expiration = textOf(found, "Expiration");
      return {
        accessKeyId: textOf(found, "AccessKeyId"),
        secretAccessKey: textOf(found, "SecretAccessKey"),
        sessionToken: textOf(found, "SessionToken"),
        ...(expiration === "" ? {} : { expiration: new Date(expiration) }),
      };
    });
  return {
    assume: (roleArn) => {
      let current: Promise<AwsCredentials> | undefined;
      return async () => {
        const known = await current?.catch(() => undefined);
        if (known !== undefined && (known.expiration === undefined || known.expiration.getTime() - now() > margin)) return known;
        // Calls that start together share one role, and so does what comes while it is being taken on.
        current = take(roleArn);
        return current;
      };
    },
  };
}
