import type { AwsConnection } from "./connection.ts";
import { fieldOf, membersOf, openJsonService, textOf } from "./service-calls.ts";
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
  const call = openJsonService("ssm", connection);
  return {
    get: (name) =>
      calling(`read the parameter ${name}`, async () => {
        try {
          return textOf(fieldOf(await call("AmazonSSM.GetParameter", { Name: name }), "Parameter"), "Value");
        } catch (error) {
          if (codeOf(error) === "ParameterNotFound") return undefined;
          throw error;
        }
      }),
    list: (path) =>
      calling(`read the parameters below ${path}`, async () => {
        const found: { readonly name: string; readonly value: string }[] = [];
        for (let next: string | undefined = ""; next !== undefined;) {
          const input = { Path: path, Recursive: false, ...(next === "" ? {} : { NextToken: next }) };
          const page = await call("AmazonSSM.GetParametersByPath", input);
          for (const each of membersOf(page, "Parameters")) found.push({ name: textOf(each, "Name"), value: textOf(each, "Value") });
          next = textOf(page, "NextToken") || undefined;
        }
        return found.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ value }) => value);
      }),
  };
}
