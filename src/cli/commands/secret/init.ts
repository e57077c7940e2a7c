import { resolve } from "node:path";
import { parse } from "yaml";
import { putSecrets, secretNameProblem, type SecretResult, type SecretValue } from "../../../operations/put-secrets.ts";
import type { Environment } from "../../../model/application.ts";
import { Problem } from "../../../model/problem.ts";
import type { CommandContext } from "../../context.ts";
import type { CommandRun, FlagValues } from "../../define.ts";
import { withApplication } from "../../open-application.ts";
import { note, recommend, succeed } from "../../report.ts";
import type { flags } from "./init.command.ts";

/** Creates or updates secrets in environments. */
export const run: CommandRun<typeof flags> = ({ flags }, context) => {
  const hasValues = Object.keys(flags.values).length > 0;
  if (flags.cliInputYaml !== undefined && (flags.name !== undefined || hasValues))
    throw new Problem("flags-exclusive", "read --cli-input-yaml: it goes neither with --name nor with --values");
  return withApplication(context, { app: flags.app }, async ({ application, session }) => {
    const environments = await session.records.environments(application.name);
    if (environments.length === 0)
      throw new Problem("no-environment", `put a secret: ${application.name} has no environment yet`, { hint: "run `copilot env init`" });
    const secrets =
      flags.cliInputYaml === undefined ? await askSecrets(context, flags, environments) : await readSecrets(context, flags.cliInputYaml);
    if (flags.overwrite)
      note(context.terminal, "secrets that exist are overwritten; containers get the new values with their next deployment.");
    const results = await putSecrets({ secrets, environments, overwrite: flags.overwrite }, session);
    report(context, results);
    return results.some(({ result }) => typeof result === "object") ? 1 : 0;
  });
};

async function askSecrets(
  context: CommandContext,
  wishes: FlagValues<typeof flags>,
  environments: readonly Environment[],
): Promise<readonly SecretValue[]> {
  const name =
    wishes.name ?? (await context.prompts.text({ message: "What is the secret called?", flag: "--name", check: secretNameProblem }));
  const given = Object.entries(wishes.values);
  if (given.length > 0) return given.map(([environment, value]) => ({ name, environment, value }));
  const secrets: SecretValue[] = [];
  for (const environment of environments) {
    const value = await context.prompts.secret({ message: `Value of ${name} in ${environment.name} (empty for none)`, flag: "--values" });
    if (value !== "") secrets.push({ name, environment: environment.name, value });
  }
  return secrets;
}

/** A file of secret → environment → value. */
async function readSecrets(context: CommandContext, path: string): Promise<readonly SecretValue[]> {
  const text = await context.files.readText(resolve(context.cwd, path));
  if (text === undefined) throw new Problem("file-missing", `read ${path}: it is not there`);
  const expected = "it must have, for each secret, a map of environments and values";
  let content: unknown;
  try {
    content = parse(text);
  } catch {
    // The parser's message quotes the file, which holds secrets.
    throw new Problem("input-invalid", `read ${path}: it is no YAML`, { hint: expected });
  }
  if (!isRecord(content)) throw new Problem("input-invalid", `read ${path}: ${expected}`);
  return Object.entries(content).flatMap(([name, values]) => {
    if (!isRecord(values)) throw new Problem("input-invalid", `read ${name} in ${path}: ${expected}`);
    return Object.entries(values).map(([environment, value]) => {
      if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
        throw new Problem("input-invalid", `read ${name} for ${environment} in ${path}: the value must be a text`);
      return { name, environment, value: String(value) };
    });
  });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function report(context: CommandContext, results: readonly SecretResult[]): void {
  const { terminal } = context;
  for (const { name, environment, result } of results) {
    if (typeof result === "object")
      terminal.err.write(`${terminal.err.style.red("✘")} put ${name} into ${environment}: ${result.failed}\n`);
    else if (result === "exists") terminal.err.write(`- ${name} exists in ${environment} and was left alone.\n`);
    else succeed(terminal, `${result === "created" ? "Put" : "Overwrote"} the secret ${name} in ${environment}.`);
  }
  if (results.some(({ result }) => result === "exists")) note(terminal, "--overwrite replaces a secret that exists.");
  const names = [...new Set(results.filter(({ result }) => typeof result === "string").map(({ name }) => name))];
  if (names.length === 0) return;
  const path = "/copilot/${COPILOT_APPLICATION_NAME}/${COPILOT_ENVIRONMENT_NAME}/secrets/";
  const lines = names.map((name) => `  ${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}: ${path}${name}`);
  recommend(terminal, [`Refer to ${names.length === 1 ? "it" : "them"} in a manifest:\nsecrets:\n${lines.join("\n")}`]);
}
