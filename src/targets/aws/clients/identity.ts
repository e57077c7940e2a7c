import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { clientSettings, type AwsConnection, type AwsCredentials, type CredentialSource } from "./connection.ts";
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
  const client = new STSClient(clientSettings(connection));
  const take = (roleArn: string): Promise<AwsCredentials> =>
    calling(`take on the role ${roleArn}`, async () => {
      const command = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: `copilot-${now()}`, DurationSeconds: roleSeconds });
      const { Credentials: found } = await client.send(command);
      return {
        accessKeyId: found?.AccessKeyId ?? "",
        secretAccessKey: found?.SecretAccessKey ?? "",
        sessionToken: found?.SessionToken ?? "",
        ...(found?.Expiration === undefined ? {} : { expiration: found.Expiration }),
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
