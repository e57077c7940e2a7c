import { CodeStarConnectionsClient, paginateListConnections } from "@aws-sdk/client-codestar-connections";
import { clientSettings, type AwsConnection } from "./connection.ts";
import { calling } from "./to-problem.ts";

/** Connections to where repositories of code are. */
export interface CodeConnections {
  /** ARN of a connection by its name. */
  readonly arn: (name: string) => Promise<string | undefined>;
}

/** The connections of a region. */
export function openCodeConnections(connection: AwsConnection): CodeConnections {
  const client = new CodeStarConnectionsClient(clientSettings(connection));
  return {
    arn: (name) =>
      calling(`look for the connection ${name}`, async () => {
        for await (const { Connections: page } of paginateListConnections({ client }, {}))
          for (const { ConnectionName: found, ConnectionArn: arn } of page ?? []) if (found === name) return arn;
        return undefined;
      }),
  };
}
