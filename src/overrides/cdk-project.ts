import { dirname, join } from "node:path";
import { Problem } from "../model/problem.ts";
import type { JsonObject } from "../targets/aws/cloudformation/json.ts";
import { isJsonObject } from "../targets/aws/cloudformation/json.ts";
import { readTemplate } from "../targets/aws/cloudformation/read.ts";

/** Runs a program without a shell. What it prints on stderr goes to the person; it fails by its exit code, never by throwing. */
export type RunProgram = (
  program: string,
  arguments_: readonly string[],
  options: { readonly directory: string; readonly environment: Readonly<Record<string, string>> },
) => Promise<{ readonly exitCode: number; readonly stdout: string }>;

/** What running a CDK project needs from the machine. */
export interface CdkMachine {
  readonly run: RunProgram;
  /** Whether a program is on the person's path. */
  readonly hasProgram: (name: string) => Promise<boolean>;
  readonly exists: (path: string) => Promise<boolean>;
  /** Writes a file and makes the folders above it. */
  readonly write: (path: string, content: string) => Promise<void>;
}

/** A CDK project of the person's own that changes one template. */
export interface CdkOverride {
  /** The `overrides` folder, absolute. */
  readonly directory: string;
  /** Where the lock file that tells the package manager is searched from, upwards. */
  readonly workingDirectory: string;
  readonly application: string;
  /** Unset for a pipeline. */
  readonly environment?: string;
}

const PACKAGE_MANAGERS = [
  { name: "npm", lockFile: "package-lock.json" },
  { name: "yarn", lockFile: "yarn.lock" },
] as const;

type PackageManager = (typeof PACKAGE_MANAGERS)[number]["name"];

/** How many folders are searched for a lock file, the working directory being the first. */
const LOCK_FILE_LEVELS = 5;

/** Installs the project's packages, hands it the template, and gives back what it makes of it. Throws a `Problem` when it fails. */
export async function runCdkProject(machine: CdkMachine, override: CdkOverride, templateText: string): Promise<JsonObject> {
  const environment = {
    COPILOT_APPLICATION_NAME: override.application,
    ...(override.environment === undefined ? {} : { COPILOT_ENVIRONMENT_NAME: override.environment }),
  };
  const where = { directory: override.directory, environment };
  const manager = await choosePackageManager(machine, override.workingDirectory);
  await succeed(machine, { program: manager, arguments: ["install"], where });
  if (!(await machine.exists(join(override.directory, cdkProgram)))) throw withoutCdk(override.directory, manager);
  await machine.write(join(override.directory, ".build", "in.yml"), templateText);
  const cdk = { program: cdkProgram, arguments: ["synth", "--no-version-reporting"], where };
  return toOverriddenTemplate(readTemplate(await succeed(machine, cdk), "the template of the CDK project"));
}

/** Where the packages of the project put the CDK's command line, from its folder. */
const cdkProgram = join("node_modules", ".bin", "cdk");

const withoutCdk = (directory: string, manager: PackageManager): Problem =>
  new Problem("cdk-missing", `run the CDK project in ${directory}: \`${manager} install\` left no ${cdkProgram} there`, {
    hint: `its package.json has to name the package aws-cdk: run \`${manager === "npm" ? "npm install --save-dev" : "yarn add --dev"} aws-cdk\` in that folder`,
  });

interface Call {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly where: Parameters<RunProgram>[2];
}

async function succeed({ run }: CdkMachine, call: Call): Promise<string> {
  const { exitCode, stdout } = await run(call.program, call.arguments, call.where);
  if (exitCode === 0) return stdout;
  const command = [call.program, ...call.arguments].join(" ");
  throw new Problem(
    "cdk-override-failed",
    `the CDK project in ${call.where.directory} failed: \`${command}\` ended with exit code ${exitCode}`,
    {
      hint: "what it printed stands above; run the same command in that folder to try a repair",
    },
  );
}

async function choosePackageManager(machine: CdkMachine, from: string): Promise<PackageManager> {
  const installed: PackageManager[] = [];
  for (const { name } of PACKAGE_MANAGERS) if (await machine.hasProgram(name)) installed.push(name);
  const [first, second] = installed;
  if (first === undefined) {
    throw new Problem("package-manager-missing", "the CDK project cannot be run: neither npm nor yarn is in PATH", {
      hint: "install npm (it comes with Node.js) or yarn",
    });
  }
  return second === undefined ? first : ((await nearestLockFileOwner(machine, from)) ?? first);
}

async function nearestLockFileOwner(machine: CdkMachine, from: string): Promise<PackageManager | undefined> {
  let folder = from;
  for (let level = 0; level < LOCK_FILE_LEVELS; level++) {
    for (const { name, lockFile } of PACKAGE_MANAGERS) if (await machine.exists(join(folder, lockFile))) return name;
    folder = dirname(folder);
  }
  return undefined;
}

const SECTIONS = [
  "AWSTemplateFormatVersion",
  "Description",
  "Metadata",
  "Parameters",
  "Mappings",
  "Conditions",
  "Transform",
  "Resources",
  "Outputs",
] as const;

/** Takes out what CDK adds for its own deployments (`Rules`, the bootstrap version) and notes the override in the description. */
export function toOverriddenTemplate(synthesized: JsonObject): JsonObject {
  const { Description: description, Parameters: parameters } = synthesized;
  const written = typeof description === "string" ? description.replace(/\.$/, "") : "";
  const changed: JsonObject = {
    ...synthesized,
    Description: `${written} using AWS Copilot and CDK.`,
    Parameters: withoutBootstrapVersion(parameters),
  };
  return Object.fromEntries(SECTIONS.flatMap((section) => (changed[section] === undefined ? [] : [[section, changed[section]]])));
}

function withoutBootstrapVersion(parameters: JsonObject[string]): JsonObject | undefined {
  if (!isJsonObject(parameters)) return undefined;
  const kept = Object.entries(parameters).filter(([name]) => name !== "BootstrapVersion");
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
