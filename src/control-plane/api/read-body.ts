import type { Context } from "hono";
import type { Application, Environment, Workload } from "../../model/application.ts";
import { nameProblem, targetNames, workloadTypes } from "../../model/names.ts";
import { Problem } from "../../model/problem.ts";
import type { DeploymentRequest, EnvironmentDeploymentRequest } from "../../targets/docker/protocol.ts";
import type { EnvironmentDocument, StackDocument } from "../../targets/docker/stack-document.ts";
import type { EnvironmentKey, WorkloadKey } from "../object-names.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A body that is not what the call wants. */
function refused(why: string): Problem {
  return new Problem("request-invalid", `The request was refused: ${why}`);
}

async function readFields(context: Context): Promise<Fields> {
  const value: unknown = await context.req.json().catch(() => undefined);
  if (!isFields(value)) throw refused("its body is no JSON object");
  return value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function checkedName(what: string, name: string): string {
  const problem = nameProblem(name);
  if (problem !== undefined) throw new Problem("name-invalid", `"${name}" cannot name ${what}: ${problem}`);
  return name;
}

function optionalText(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (typeof value !== "string") throw refused(`${name} is no text`);
  return value;
}

function text(fields: Fields, name: string): string {
  const value = optionalText(fields, name);
  if (value === undefined) throw refused(`${name} is missing`);
  return value;
}

function flag(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (value !== undefined && typeof value !== "boolean") throw refused(`${name} is neither true nor false`);
  return value === true;
}

function choice<T extends string>(fields: Fields, name: string, choices: readonly T[]): T {
  const value = choices.find((candidate) => candidate === fields[name]);
  if (value === undefined) throw refused(`${name} is none of ${choices.join(", ")}`);
  return value;
}

/** The application of a PUT, named by the path. */
export async function readApplication(context: Context, name: string): Promise<Application> {
  const fields = await readFields(context);
  const domain = optionalText(fields, "domain");
  const permissionsBoundary = optionalText(fields, "permissionsBoundary");
  const tags = fields["tags"];
  return {
    name: checkedName("an application", name),
    target: choice(fields, "target", targetNames),
    ...(domain === undefined ? {} : { domain }),
    ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
    ...(isTexts(tags) ? { tags } : {}),
  };
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return isFields(value) && Object.values(value).every((entry) => typeof entry === "string");
}

/** The environment of a PUT, named by the path. */
export async function readEnvironment(context: Context, key: EnvironmentKey): Promise<Environment> {
  const fields = await readFields(context);
  const region = optionalText(fields, "region");
  const accountId = optionalText(fields, "accountId");
  const port = fields["port"];
  return {
    application: key.application,
    name: checkedName("an environment", key.environment),
    target: choice(fields, "target", targetNames),
    ...(region === undefined ? {} : { region }),
    ...(accountId === undefined ? {} : { accountId }),
    ...(typeof port === "number" ? { port } : {}),
  };
}

/** The workload of a PUT, named by the path. */
export async function readWorkload(context: Context, key: { readonly application: string; readonly workload: string }): Promise<Workload> {
  const fields = await readFields(context);
  return { application: key.application, name: checkedName("a workload", key.workload), type: choice(fields, "type", workloadTypes) };
}

/** A deployment's body; its document must be of the workload that the path names. */
export async function readDeploymentRequest(context: Context, key: WorkloadKey): Promise<DeploymentRequest> {
  const fields = await readFields(context);
  const { document } = fields;
  if (!isStackDocument(document)) throw refused("document is no copilot-stack/1");
  for (const name of ["application", "environment", "workload"] as const) {
    if (document[name] !== key[name]) throw refused(`its document is of ${name} "${document[name]}", its path of "${key[name]}"`);
  }
  const commit = optionalText(fields, "commit");
  return {
    document,
    user: text(fields, "user"),
    ...(commit === undefined ? {} : { commit }),
    force: flag(fields, "force"),
    noRollback: flag(fields, "noRollback"),
  };
}

/**
 * Whether a value is a document of a format that this program knows. Documents come from our own compiler, so the format vouches for
 * what is below the parts that are looked at here.
 */
export function isStackDocument(value: unknown): value is StackDocument {
  if (!isFields(value) || value["format"] !== "copilot-stack/1") return false;
  const texts = [value["application"], value["environment"], value["workload"], value["manifest"]];
  if (!texts.every((entry) => typeof entry === "string") || !workloadTypes.some((type) => type === value["type"])) return false;
  const { task } = value;
  if (task === undefined) return true;
  return isFields(task) && Array.isArray(task["containers"]) && task["containers"].every(isContainer) && Array.isArray(task["volumes"]);
}

function isContainer(value: unknown): boolean {
  return (
    isFields(value) &&
    typeof value["name"] === "string" &&
    typeof value["image"] === "string" &&
    [value["environment"], value["secrets"], value["dependsOn"], value["labels"]].every(isTexts) &&
    [value["mounts"], value["ports"]].every(Array.isArray)
  );
}

/** An environment's deployment. */
export async function readEnvironmentDeployment(context: Context, key: EnvironmentKey): Promise<EnvironmentDeploymentRequest> {
  const fields = await readFields(context);
  const { document } = fields;
  if (!isEnvironmentDocument(document)) throw refused("document is no copilot-environment/1");
  if (document.application !== key.application || document.environment !== key.environment)
    throw refused("its document is of another environment");
  return { document, user: text(fields, "user"), force: flag(fields, "force") };
}

/** Whether a value is an environment's document of a format that this program knows. */
export function isEnvironmentDocument(value: unknown): value is EnvironmentDocument {
  if (!isFields(value) || value["format"] !== "copilot-environment/1") return false;
  return ["application", "environment", "manifest"].every((name) => typeof value[name] === "string");
}

/** Who asks for something of which the path says all else. */
export async function readUser(context: Context): Promise<string> {
  return text(await readFields(context), "user");
}

/** A secret's value. */
export async function readSecret(context: Context): Promise<{ readonly value: string; readonly overwrite: boolean }> {
  const fields = await readFields(context);
  return { value: text(fields, "value"), overwrite: flag(fields, "overwrite") };
}

/** References of images. */
export async function readReferences(context: Context): Promise<readonly string[]> {
  const value: unknown = await context.req.json().catch(() => undefined);
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === "string")) throw refused("its body is no array of texts");
  return value;
}
