import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { loadConfig, loadSharedConfigFiles, NODE_REGION_CONFIG_FILE_OPTIONS, NODE_REGION_CONFIG_OPTIONS } from "@smithy/core/config";
import { Problem } from "../../../model/problem.ts";
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
 * Throws a `Problem` when there is no region, or no such profile; that credentials are missing comes out at the first call.
 */
export async function defaultConnection({ variables, version, signal }: ConnectionSettings): Promise<AwsConnection> {
  await requireProfile(variables);
  const region = variables["AWS_REGION"] || variables["AWS_DEFAULT_REGION"] || (await calling("connect to AWS", profileRegion));
  return {
    region,
    credentials: defaultProvider({ clientConfig: { region } }),
    userAgent: [["aws-copilot", version]],
    pathStyle: (variables["AWS_ENDPOINT_URL_S3"] || variables["AWS_ENDPOINT_URL"] || "") !== "",
    ...(signal === undefined ? {} : { signal }),
  };
}

/** The region of the profile at hand. An empty variable is none, which AWS's library takes for a region's name. */
const profileRegion = (): Promise<string> =>
  loadConfig({ ...NODE_REGION_CONFIG_OPTIONS, environmentVariableSelector: () => undefined }, NODE_REGION_CONFIG_FILE_OPTIONS)();

/** AWS's library looks for credentials elsewhere when there is no such profile, and then tells of those. */
async function requireProfile(variables: ConnectionSettings["variables"]): Promise<void> {
  const profile = variables["AWS_PROFILE"];
  if (profile === undefined || profile === "") return;
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  const sections = [...new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)])];
  if (sections.includes(profile)) return;
  const known = sections.filter((name) => !/^(sso-session|services)\./.test(name));
  const files = [variables["AWS_CONFIG_FILE"] || "~/.aws/config", variables["AWS_SHARED_CREDENTIALS_FILE"] || "~/.aws/credentials"];
  const others = known.length === 0 ? "" : `set AWS_PROFILE to one that there is (${known.join(", ")}), or `;
  throw new Problem(
    "aws-profile-missing",
    `connect to AWS: AWS_PROFILE names the profile ${profile}, which is in neither ${files.join(" nor ")}`,
    {
      hint: `${others}run \`aws configure --profile ${profile}\``,
    },
  );
}
