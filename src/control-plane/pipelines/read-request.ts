import type { Context } from "hono";
import type { Pipeline } from "../../model/pipeline.ts";
import { nameProblem } from "../../model/names.ts";
import { Problem } from "../../model/problem.ts";
import type {
  ApprovalAnswer,
  ExecutionRequest,
  PipelineRegistration,
  RetryRequestBody,
  StopRequestBody,
} from "../../pipelines/pipeline-api.ts";
import type { PipelineKey } from "./execution-store.ts";

type Fields = Readonly<Record<string, unknown>>;

const refused = (why: string): Problem => new Problem("request-invalid", `The request was refused: ${why}`);

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

async function readFields(context: Context): Promise<Fields> {
  const value: unknown = await context.req.json().catch(() => undefined);
  if (!isFields(value)) throw refused("its body is no JSON object");
  return value;
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string" || value === "") throw refused(`${name} is missing`);
  return value;
}

function optional<K extends string>(fields: Fields, name: K): { readonly [P in K]?: string } {
  const value = fields[name];
  if (value === undefined || value === "") return {};
  if (typeof value !== "string") throw refused(`${name} is no text`);
  const entry: { [P in K]?: string } = {};
  entry[name] = value;
  return entry;
}

/** A pipeline to register; it is the one that the path names. */
export async function readRegistration(context: Context, key: PipelineKey): Promise<PipelineRegistration> {
  const fields = await readFields(context);
  const { pipeline, images } = fields;
  const problem = nameProblem(key.name);
  if (problem !== undefined) throw new Problem("name-invalid", `"${key.name}" cannot name a pipeline: ${problem}`);
  if (!isPipeline(pipeline)) throw refused("pipeline is none that this program compiled");
  if (pipeline.application !== key.application || pipeline.name !== key.name) throw refused("its pipeline is another one than its path's");
  return { pipeline, manifest: text(fields, "manifest"), user: text(fields, "user"), images: isTexts(images) ? images : {} };
}

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  isFields(value) && Object.values(value).every((entry) => typeof entry === "string");

/** Whether a value is a pipeline; it comes from our own compiler, so its parts vouch for what is below them. */
function isPipeline(value: unknown): value is Pipeline {
  if (!isFields(value) || typeof value["application"] !== "string" || typeof value["name"] !== "string" || !isFields(value["source"]))
    return false;
  const { stages } = value;
  return (
    Array.isArray(stages) &&
    stages.every((stage) => isFields(stage) && typeof stage["name"] === "string" && Array.isArray(stage["actions"]))
  );
}

/** Which revision is to be released. */
export async function readExecutionRequest(context: Context): Promise<ExecutionRequest> {
  const fields = await readFields(context);
  return { user: text(fields, "user"), ...optional(fields, "revision") };
}

/** Whether somebody approves. */
export async function readApproval(context: Context): Promise<ApprovalAnswer> {
  const fields = await readFields(context);
  if (typeof fields["approved"] !== "boolean") throw refused("approved is neither true nor false");
  return { approved: fields["approved"], user: text(fields, "user"), ...optional(fields, "comment"), ...optional(fields, "action") };
}

/** Who stops an execution, and why. */
export async function readStop(context: Context): Promise<StopRequestBody> {
  const fields = await readFields(context);
  return { user: text(fields, "user"), ...optional(fields, "reason") };
}

/** From where on an execution is retried. */
export async function readRetry(context: Context): Promise<RetryRequestBody> {
  const fields = await readFields(context);
  return { user: text(fields, "user"), ...optional(fields, "from") };
}

/** The value of a secret. */
export async function readSecretBody(context: Context): Promise<{ readonly value: string; readonly overwrite: boolean }> {
  const fields = await readFields(context);
  return { value: text(fields, "value"), overwrite: fields["overwrite"] === true };
}
