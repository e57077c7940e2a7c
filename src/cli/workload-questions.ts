import { join, relative, resolve, sep } from "node:path";
import { isJobType, workloadNameProblem, workloadTypes, type WorkloadType } from "../model/names.ts";
import { Problem } from "../model/problem.ts";
import type { NewWorkload } from "../operations/create-workload.ts";
import { findDockerfiles, readDockerfile } from "../operations/dockerfile.ts";
import { manifestPath } from "../state/workspace.ts";
import { readWorkloadIdentity } from "../workloads/load.ts";
import { askSchedule, requireSchedule } from "./schedule-questions.ts";
import type { CommandContext } from "./context.ts";

/** What the flags of an init command say; the rest is asked. */
export interface WorkloadWishes {
  readonly name: string | undefined;
  readonly type: WorkloadType | undefined;
  readonly dockerfile: string | undefined;
  readonly image: string | undefined;
  readonly port?: number | undefined;
  readonly schedule?: string | undefined;
  readonly retries?: number | undefined;
  readonly timeout?: string | undefined;
  readonly ingressType?: "Environment" | "Internet" | undefined;
  readonly subscribeTopics?: readonly string[];
  readonly sources?: readonly string[];
}

/** For which command the questions are: where types come from and which flag names the type. */
export interface QuestionOptions {
  /** Absolute path of the workspace. */
  readonly root: string;
  readonly types: readonly WorkloadType[];
  readonly typeFlag: string;
}

const typeHints: Readonly<Record<WorkloadType, string>> = {
  "Load Balanced Web Service": "requests from the internet, spread over its tasks",
  "Request-Driven Web Service": "requests from the internet, at an address of its own",
  "Backend Service": "found by other services only",
  "Worker Service": "takes messages from queues",
  "Static Site": "files, served as they are",
  "Scheduled Job": "runs on a schedule and ends",
};

/** Everything that a new manifest needs: from flags, from a Dockerfile, and by asking for the rest. */
export async function askWorkload(context: CommandContext, wishes: WorkloadWishes, options: QuestionOptions): Promise<NewWorkload> {
  if (wishes.dockerfile !== undefined && wishes.image !== undefined)
    throw new Problem("flags-exclusive", "read --image: it does not go with --dockerfile");
  const known = wishes.name === undefined ? undefined : await readExisting(context, wishes.name, options);
  if (known !== undefined) return known;
  const type = wishes.type ?? (await askType(context, options));
  const name = wishes.name ?? (await askName(context, type));
  const problem = workloadNameProblem(name, type);
  if (problem !== undefined) throw new Problem("invalid-name", `name the workload ${JSON.stringify(name)}: ${problem}`);
  const existing = wishes.name === undefined ? await readExisting(context, name, options) : undefined;
  if (existing !== undefined) return existing;
  const base = { name, type };
  if (type === "Static Site") return { ...base, sources: await askSources(context, wishes, options.root) };
  const schedule = isJobType(type) ? requireSchedule(wishes.schedule ?? (await askSchedule(context.prompts))) : undefined;
  const container = await askContainer(context, wishes, { ...options, type });
  const ingress = type === "Request-Driven Web Service" ? (wishes.ingressType ?? (await askIngress(context))) : undefined;
  const topics = wishes.subscribeTopics?.map(toTopic) ?? [];
  return {
    ...base,
    ...container,
    ...(schedule === undefined ? {} : { schedule }),
    ...(wishes.retries === undefined ? {} : { retries: wishes.retries }),
    ...(wishes.timeout === undefined ? {} : { timeout: wishes.timeout }),
    ...(ingress === undefined ? {} : { ingress }),
    ...(topics.length === 0 ? {} : { topics }),
  };
}

/** A manifest that is there answers every question. */
async function readExisting(context: CommandContext, name: string, { root, types }: QuestionOptions): Promise<NewWorkload | undefined> {
  const path = manifestPath(name);
  const text = await context.files.readText(join(root, path));
  if (text === undefined) return undefined;
  const identity = readWorkloadIdentity(path, text);
  if (!identity.ok)
    throw new Problem("manifest-invalid", `read ${path}: it has no readable name and type`, { diagnostics: identity.diagnostics });
  if (!types.includes(identity.value.type))
    throw new Problem("other-type", `take ${path} over: it is a ${identity.value.type}`, {
      hint: `run \`copilot ${isJobType(identity.value.type) ? "job" : "svc"} init --name ${name}\``,
    });
  context.terminal.err.write(`The manifest ${path} exists and is taken as it is.\n`);
  return identity.value;
}

const askType = (context: CommandContext, { types, typeFlag }: QuestionOptions): Promise<WorkloadType> => {
  const [only] = types;
  if (only !== undefined && types.length === 1) return Promise.resolve(only);
  const choices = workloadTypes.filter((type) => types.includes(type)).map((type) => ({ value: type, label: type, hint: typeHints[type] }));
  return context.prompts.select({ message: "What type of workload is it?", flag: typeFlag, choices });
};

const askName = (context: CommandContext, type: WorkloadType): Promise<string> =>
  context.prompts.text({
    message: `What is the ${isJobType(type) ? "job" : "service"} called?`,
    flag: "--name",
    check: (answer) => workloadNameProblem(answer, type),
  });

const askIngress = (context: CommandContext): Promise<"Environment" | "Internet"> =>
  context.prompts.select<"Environment" | "Internet">({
    message: "Who reaches it?",
    flag: "--ingress-type",
    choices: [
      { value: "Environment", label: "Environment", hint: "only its own environment" },
      { value: "Internet", label: "Internet" },
    ],
  });

const toTopic = (text: string): { readonly service: string; readonly name: string } => {
  const [service, name, more] = text.split(":");
  if (service === undefined || service === "" || name === undefined || name === "" || more !== undefined)
    throw new Problem("invalid-flag", `read --subscribe-topics: ${JSON.stringify(text)} is not service:topic`);
  return { service, name };
};

async function askContainer(
  context: CommandContext,
  wishes: WorkloadWishes,
  { root, type }: QuestionOptions & { readonly type: WorkloadType },
): Promise<Pick<NewWorkload, "image" | "port" | "healthCheck">> {
  const image = wishes.image === undefined ? await askDockerfile(context, wishes.dockerfile, root) : { location: wishes.image };
  const text = "dockerfile" in image ? await context.files.readText(join(root, image.dockerfile)) : undefined;
  const facts = text === undefined ? { ports: [] } : readDockerfile(text);
  const port = await askPort(context, { wish: wishes.port, exposed: facts.ports, type });
  return { image, ...(port === undefined ? {} : { port }), ...(facts.healthCheck === undefined ? {} : { healthCheck: facts.healthCheck }) };
}

async function askDockerfile(
  context: CommandContext,
  wish: string | undefined,
  root: string,
): Promise<{ readonly dockerfile: string } | { readonly location: string }> {
  if (wish !== undefined) return { dockerfile: await toRootPath(context, wish, root) };
  const found = await findDockerfiles(context.files, root);
  const answer = await context.prompts.select<string | { readonly other: "path" | "image" }>({
    message: "Which Dockerfile builds it?",
    flag: "--dockerfile or --image",
    choices: [
      ...found.map((path) => ({ value: path, label: `./${path}` })),
      { value: { other: "path" } as const, label: "Enter a path…" },
      { value: { other: "image" } as const, label: "Use an image that exists…" },
    ],
  });
  if (typeof answer === "string") return { dockerfile: `./${answer}` };
  if (answer.other === "image") return { location: await context.prompts.text({ message: "Which image?", flag: "--image" }) };
  const path = await context.prompts.text({ message: "Where is the Dockerfile?", flag: "--dockerfile" });
  return { dockerfile: await toRootPath(context, path, root) };
}

/** A path from the working directory as one from the workspace root. */
async function toRootPath(context: CommandContext, path: string, root: string): Promise<string> {
  const absolute = resolve(context.cwd, path);
  const fromRoot = relative(root, absolute).split(sep).join("/");
  if (fromRoot.startsWith("../")) throw new Problem("outside-workspace", `take ${path}: it is outside of the workspace ${root}`);
  if (!(await context.files.exists(absolute))) throw new Problem("file-missing", `take ${path}: it is not there`);
  return `./${fromRoot}`;
}

async function askPort(
  context: CommandContext,
  { wish, exposed, type }: { readonly wish: number | undefined; readonly exposed: readonly number[]; readonly type: WorkloadType },
): Promise<number | undefined> {
  if (wish !== undefined) return wish;
  if (type === "Worker Service" || isJobType(type)) return undefined;
  if (exposed.length === 1 || type === "Backend Service") return exposed[0];
  const answer = await context.prompts.text({
    message: "At which port does it take requests?",
    flag: "--port",
    default: String(exposed[0] ?? 80),
    check: (text) => (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535 ? undefined : "a port is a number from 1 to 65535"),
  });
  return Number(answer);
}

async function askSources(context: CommandContext, wishes: WorkloadWishes, root: string): Promise<NonNullable<NewWorkload["sources"]>> {
  const wished = wishes.sources ?? [];
  if (wished.length > 0) return Promise.all(wished.map(async (path) => toSource(context, await toRootPath(context, path, root), root)));
  const entries = (await context.files.list(root)).filter(({ name }) => !name.startsWith(".") && name !== "copilot");
  const choices = entries.map(({ name, kind }) => ({ value: name, label: kind === "folder" ? `${name}/` : name }));
  if (choices.length === 0)
    throw new Problem("no-sources", `look for a site's files: ${root} has none`, { hint: "name them with --sources" });
  const chosen = await context.prompts.selectSeveral({
    message: "Which files and folders does the site have?",
    flag: "--sources",
    choices,
  });
  return Promise.all(chosen.map((name) => toSource(context, name, root)));
}

async function toSource(
  context: CommandContext,
  path: string,
  root: string,
): Promise<{ readonly path: string; readonly recursive: boolean }> {
  const fromRoot = path.replace(/^\.\//, "");
  return { path: fromRoot, recursive: (await context.files.kindOf(join(root, fromRoot))) === "folder" };
}
