import { AppRunnerClient, DescribeServiceCommand } from "@aws-sdk/client-apprunner";
import { clientSettings, type AwsConnection } from "./connection.ts";
import { calling } from "./to-problem.ts";

/** A service of App Runner. */
export interface RunningService {
  /** Host name at which it answers. */
  readonly host: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Where the value of each secret is, by its name. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Services of App Runner. */
export interface AppRunner {
  readonly describe: (arn: string) => Promise<RunningService>;
}

/** The App Runner of a region. */
export function openAppRunner(connection: AwsConnection): AppRunner {
  const client = new AppRunnerClient(clientSettings(connection));
  return {
    describe: (arn) =>
      calling(`describe the service ${arn}`, async () => {
        const { Service: service } = await client.send(new DescribeServiceCommand({ ServiceArn: arn }));
        const settings = service?.SourceConfiguration?.ImageRepository?.ImageConfiguration;
        return {
          host: service?.ServiceUrl ?? "",
          variables: settings?.RuntimeEnvironmentVariables ?? {},
          secrets: settings?.RuntimeEnvironmentSecrets ?? {},
        };
      }),
  };
}
