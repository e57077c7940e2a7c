import { GetParameterCommand, paginateGetParametersByPath, SSMClient } from "@aws-sdk/client-ssm";
import { clientSettings, type AwsConnection } from "./connection.ts";
import { calling, codeOf } from "./to-problem.ts";

/** Texts in Systems Manager's Parameter Store. */
export interface ParameterStore {
  /** `undefined` when there is no such parameter. */
  readonly get: (name: string) => Promise<string | undefined>;
  /** What lies directly below a path, by name. */
  readonly list: (path: string) => Promise<readonly string[]>;
}

/** The parameters of a region. */
export function openParameterStore(connection: AwsConnection): ParameterStore {
  const client = new SSMClient(clientSettings(connection));
  return {
    get: (name) =>
      calling(`read the parameter ${name}`, async () => {
        try {
          return (await client.send(new GetParameterCommand({ Name: name }))).Parameter?.Value;
        } catch (error) {
          if (codeOf(error) === "ParameterNotFound") return undefined;
          throw error;
        }
      }),
    list: (path) =>
      calling(`read the parameters below ${path}`, async () => {
        const found: { readonly name: string; readonly value: string }[] = [];
        for await (const { Parameters: parameters } of paginateGetParametersByPath({ client }, { Path: path, Recursive: false }))
          for (const { Name: name = "", Value: value = "" } of parameters ?? []) found.push({ name, value });
        return found.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ value }) => value);
      }),
  };
}
