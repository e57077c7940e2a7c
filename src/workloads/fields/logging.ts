import { dictionary } from "../../manifest/schema/collections.ts";
import { optional } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { flag, integer, text } from "../../manifest/schema/scalars.ts";
import type { LogRouterSpec } from "../../model/workload-spec.ts";
import { envFile, given, secrets, toSecrets, toVariables, variables } from "./values.ts";

/** Days that logs are kept where nothing else is said. */
export const defaultRetentionDays = 30;

/** Where a task's logs go. */
export const logging = record({
  retention: optional(integer(), "Days that logs are kept.", { documentedDefault: defaultRetentionDays, docker: "notice" }),
  image: optional(text(), "Image of the log router.", {
    documentedDefault: "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable",
    docker: "notice",
  }),
  destination: optional(dictionary(text(), { keyNoun: "option", empty: "" }), "Options of the log router's output.", { docker: "notice" }),
  enableMetadata: optional(flag(), "Adds the task's metadata to each line.", { documentedDefault: true, docker: "notice" }),
  secretOptions: optional(secrets, "Options of the output whose values are secrets.", { docker: "notice" }),
  configFilePath: optional(text(), "Path of a configuration file inside the log router's image.", { docker: "notice" }),
  variables: optional(variables, "Environment variables of the log router.", { docker: "notice" }),
  secrets: optional(secrets, "Secrets of the log router.", { docker: "notice" }),
  env_file: optional(envFile, "Path of an environment file for the log router.", { docker: "notice" }),
});

/** The log router beside the main container; `undefined` where nothing but the retention is given. */
export function toLogRouter(value: Infer<typeof logging> | undefined): LogRouterSpec | undefined {
  if (value === undefined) return undefined;
  const { retention: _retention, ...router } = value;
  if (Object.keys(router).length === 0) return undefined;
  return {
    image: router.image ?? "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable",
    destination: router.destination ?? {},
    enableMetadata: router.enableMetadata ?? true,
    secretOptions: toSecrets(router.secretOptions),
    ...given("configFilePath", router.configFilePath),
    variables: toVariables(router.variables),
    secrets: toSecrets(router.secrets),
    ...given("envFile", router.env_file),
  };
}
