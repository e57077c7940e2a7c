import { DescribeTaskDefinitionCommand, ECSClient } from "@aws-sdk/client-ecs";
import { clientSettings, type AwsConnection } from "./connection.ts";
import { calling } from "./to-problem.ts";

/** A container as it is registered at ECS. */
export interface RegisteredContainer {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Where the value of each secret is, by its name. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** The newest version of a task definition. */
export interface RegisteredTask {
  readonly containers: readonly RegisteredContainer[];
  /** E.g. `LINUX/X86_64`. */
  readonly platform: string;
}

/** Task definitions of ECS. */
export interface TaskDefinitions {
  /** The newest of a family; `undefined` when there is none. */
  readonly describe: (family: string) => Promise<RegisteredTask | undefined>;
}

/** The task definitions of a region. */
export function openTaskDefinitions(connection: AwsConnection): TaskDefinitions {
  const client = new ECSClient(clientSettings(connection));
  const find = async (family: string) => {
    try {
      return (await client.send(new DescribeTaskDefinitionCommand({ taskDefinition: family }))).taskDefinition;
    } catch (error) {
      // ECS has no word of its own for a family that is not there.
      if (error instanceof Error && error.name === "ClientException" && /unable to describe/i.test(error.message)) return undefined;
      throw error;
    }
  };
  return {
    describe: (family) =>
      calling(`describe the task definition ${family}`, async () => {
        const found = await find(family);
        if (found === undefined) return undefined;
        const { runtimePlatform, containerDefinitions = [] } = found;
        return {
          platform: `${runtimePlatform?.operatingSystemFamily ?? "LINUX"}/${runtimePlatform?.cpuArchitecture ?? "X86_64"}`,
          containers: containerDefinitions.map(({ name = "", environment = [], secrets = [] }) => ({
            name,
            variables: Object.fromEntries(environment.map(({ name: key = "", value = "" }) => [key, value])),
            secrets: Object.fromEntries(secrets.map(({ name: key = "", valueFrom = "" }) => [key, valueFrom])),
          })),
        };
      }),
  };
}
