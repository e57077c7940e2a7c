import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { loadConfig, NODE_REGION_CONFIG_FILE_OPTIONS, NODE_REGION_CONFIG_OPTIONS } from "@smithy/core/config";
import type { AwsConnection } from "./connection.ts";
import { calling } from "./to-problem.ts";

/** What of this machine decides as whom and where AWS is called. */
export interface ConnectionSettings {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Ends the calls that are under way. */
  readonly signal?: AbortSignal;
}

/**
 * The connection that the AWS command line would use too: environment variables, then the profile, then what the machine is given.
 * Throws a `Problem` when there is no region; that credentials are missing comes out at the first call.
 */
export async function defaultConnection({ variables, version, signal }: ConnectionSettings): Promise<AwsConnection> {
  const named = variables["AWS_REGION"] || variables["AWS_DEFAULT_REGION"];
  const region = named || (await calling("connect to AWS", loadConfig(NODE_REGION_CONFIG_OPTIONS, NODE_REGION_CONFIG_FILE_OPTIONS)));
  return {
    region,
    credentials: defaultProvider({ clientConfig: { region } }),
    userAgent: [["aws-copilot", version]],
    pathStyle: (variables["AWS_ENDPOINT_URL_S3"] || variables["AWS_ENDPOINT_URL"] || "") !== "",
    ...(signal === undefined ? {} : { signal }),
  };
}
