import { either } from "../../manifest/schema/alternatives.ts";
import { dictionary } from "../../manifest/schema/collections.ts";
import { optional, required } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import { list } from "../../manifest/schema/collections.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { choice, text } from "../../manifest/schema/scalars.ts";
import type { SecretSource, ValueOrImport } from "../../model/workload-spec.ts";
import { splitShellWords } from "./shell-words.ts";

const exportName = text({ noun: "the name of a CloudFormation export", minLength: 1 });

/** A text, or one imported from a CloudFormation export. */
export const valueOrImport = either(
  text(),
  record({ from_cfn: required(exportName, "Name of the CloudFormation export that gives the value.", { docker: "notice" }) }),
);

/** As {@link valueOrImport}, for the id of a thing that has a stand-in on Docker. */
export const idOrImport = either(
  text(),
  record({ from_cfn: required(exportName, "Name of the CloudFormation export that gives the id.") }),
);

/** Environment variables of a container. */
export const variables = dictionary(valueOrImport, { keyNoun: "variable", empty: "" });

/** A secret by the name of its parameter or ARN, by an export, or by its name in Secrets Manager. */
export const secret = either(
  text({ noun: "the name of a parameter or an ARN" }),
  record({
    from_cfn: optional(
      exportName,
      "Name of the CloudFormation export that gives the secret's ARN; on Docker, of the environment's secret.",
    ),
    secretsmanager: optional(text(), "Name of the secret in Secrets Manager; `:json-key:stage:id` may follow."),
  }),
);

/** Secrets of a container by the variable that receives each. */
export const secrets = dictionary(secret, { keyNoun: "variable", empty: "" });

/** Texts by free names. */
export const labels = dictionary(text(), { empty: "" });

/** One text or a list of them. */
export const textOrTexts = either(text(), list(text()));

/** A command: a list of words, or a line that is split as a shell would. */
export const commandLine = either(
  text({
    noun: "a command",
    problem: (line) =>
      splitShellWords(line) === undefined
        ? "This command cannot be split into words: a quotation mark or a backslash is left open."
        : undefined,
  }),
  list(text()),
);

/** A path of an environment file. */
export const envFile = text({
  noun: "the path of an environment file",
  problem: (path) => (path.endsWith(".env") ? undefined : `Expected a file whose name ends in \`.env\`, found \`${path}\`.`),
});

/** Conditions on other containers before a container starts. */
export const dependsOn = dictionary(choice(["START", "COMPLETE", "SUCCESS", "HEALTHY"], { ignoreCase: true }), { keyNoun: "container" });

/** The spec's form of a value. */
export function toValue(value: Infer<typeof valueOrImport>): ValueOrImport {
  return typeof value === "string" ? { kind: "value", value } : { kind: "from-cfn", exportName: value.from_cfn };
}

/** The spec's form of variables. */
export const toVariables = (given: Infer<typeof variables> | undefined): Readonly<Record<string, ValueOrImport>> =>
  mapValues(given ?? {}, toValue);

function toSecret(value: Infer<typeof secret>): SecretSource {
  if (typeof value === "string") return { kind: "name-or-arn", value };
  if (value.secretsmanager !== undefined) return { kind: "secretsmanager", name: value.secretsmanager };
  return { kind: "from-cfn", exportName: value.from_cfn ?? "" };
}

/** The spec's form of secrets. */
export const toSecrets = (given: Infer<typeof secrets> | undefined): Readonly<Record<string, SecretSource>> =>
  mapValues(given ?? {}, toSecret);

/** The words of a command in either form. */
export const toWords = (command: string | readonly string[]): readonly string[] =>
  typeof command === "string" ? (splitShellWords(command) ?? []) : command;

/** One or several texts as a list. */
export const toTexts = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

/** `values` with each of them converted. */
export function mapValues<T, U>(values: Readonly<Record<string, T>>, convert: (value: T) => U): Readonly<Record<string, U>> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, convert(value)]));
}

/** `value` under `key`, or nothing where it is missing: for building objects whose fields may be left out. */
export function given<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  // TypeScript widens the computed key to string.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: T };
}
