import { join } from "node:path";
import { storageNameProblem } from "../../../addons/storage/storage-names.ts";
import type { ClusterRequest, StorageRequest } from "../../../addons/storage/storage-request.ts";
import { storageUse } from "../../../addons/storage/storage-use.ts";
import { addStorage, type WrittenStorageFile } from "../../../operations/add-storage.ts";
import { findLocalWorkloads, type LocalWorkload } from "../../../operations/local-workloads.ts";
import { loadSpecs } from "../../../operations/load-specs.ts";
import { Problem } from "../../../model/problem.ts";
import { listEnvironmentNames } from "../../../state/workspace.ts";
import type { CommandContext } from "../../context.ts";
import type { CommandRun, FlagValues } from "../../define.ts";
import { requireWorkspace, toOperationContext, withApplication, type OpenedApplication } from "../../open-application.ts";
import { note, recommend, succeed } from "../../report.ts";
import { askCluster, askTable, storageWord } from "../../storage-questions.ts";
import type { flags } from "./init.command.ts";

type Flags = FlagValues<typeof flags>;
type Kind = StorageRequest["storage"]["kind"];

/** What is known while questions are asked. */
interface Asking {
  readonly context: CommandContext;
  readonly opened: OpenedApplication;
  readonly flags: Flags;
  /** Absolute path of the workspace. */
  readonly root: string;
  readonly local: readonly LocalWorkload[];
}

/** Writes the addon files of a bucket, a table or a database, and says how the workload gets at it. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, {}, async (opened) => {
    const { root } = requireWorkspace(opened);
    const { workloads: local } = await findLocalWorkloads(context.files, root);
    const asking: Asking = { context, opened, flags, root, local };
    const request = flags.addIngressFrom === undefined ? await askStorage(asking) : await accessOnly(asking, flags.addIngressFrom);
    const files = await addStorage(request, { files: context.files, root });
    opened.progress.close();
    await tell(asking, request, files);
  });

const kinds = { S3: "s3", DynamoDB: "dynamodb", Aurora: "aurora" } as const;

async function askStorage(asking: Asking): Promise<StorageRequest> {
  const { context, flags, local } = asking;
  const kind = kinds[flags.storageType ?? (await askKind(context))];
  const name = await askWorkloadName(asking);
  const workload = { name, type: local.find((each) => each.name === name)?.type };
  const storageName = await askName(context, { kind, wish: flags.name, workload: name });
  const lifecycle = flags.lifecycle ?? (await askLifecycle(asking, { name: storageName, workload: name }));
  await checkLifecycle(asking, { lifecycle, workload: name });
  if (kind === "aurora") requireNetwork(asking, name);
  const storage = await askDetails(asking, { kind, lifecycle });
  return { name: storageName, storage, lifecycle, workload };
}

async function askDetails(
  { context, opened, flags }: Asking,
  { kind, lifecycle }: { readonly kind: Kind; readonly lifecycle: StorageRequest["lifecycle"] },
): Promise<StorageRequest["storage"]> {
  if (kind === "s3") return { kind };
  if (kind === "dynamodb") return askTable(context.prompts, flags);
  if (lifecycle === "environment" && flags.serverlessVersion === "v1")
    throw new Problem("flags-exclusive", "read --serverless-version: a cluster that environments have is of v2");
  const environments = await opened.session.records.environments(opened.application.name);
  return askCluster(
    context.prompts,
    flags,
    environments.map(({ name }) => name),
  );
}

/** One more workload shall reach storage that environments have already. */
async function accessOnly({ flags, local }: Asking, workload: string): Promise<StorageRequest> {
  const refuse = (message: string): Problem => new Problem("flags-exclusive", `read --add-ingress-from: ${message}`);
  if (flags.workload !== undefined) throw refuse("it does not go with --workload");
  if (flags.lifecycle === "workload")
    throw refuse("storage that other workloads reach lives with environments, and --lifecycle says workload");
  const { name, storageType } = flags;
  if (name === undefined || storageType === undefined) throw refuse("it needs --name and --storage-type");
  const found = local.find((each) => each.name === workload);
  if (found === undefined) throw notHere(workload);
  const kind = kinds[storageType];
  checkName(kind, name);
  const cluster: ClusterRequest = {
    kind: "aurora",
    engine: flags.engine ?? "MySQL",
    version: "v2",
    initialDatabase: flags.initialDb ?? "",
    environments: [],
  };
  const key = { name: "id", type: "S" } as const;
  // What only storage itself has is in none of the files that give access to it.
  const storage = kind === "s3" ? { kind } : kind === "aurora" ? cluster : { kind, partitionKey: key, localIndexes: [] };
  return { name, storage, lifecycle: "environment", workload: { name: workload, type: found.type }, isAccessOnly: true };
}

const notHere = (workload: string): Problem =>
  new Problem("workload-not-found", `add storage for ${workload}: copilot/${workload}/manifest.yml is not there`, {
    hint: "run the command in the workspace of the workload",
  });

const askKind = ({ prompts }: CommandContext): Promise<keyof typeof kinds> =>
  prompts.select({
    message: "What kind of storage?",
    flag: "--storage-type",
    choices: [
      { value: "DynamoDB", label: "DynamoDB", hint: "a table of items by key" },
      { value: "S3", label: "S3", hint: "a bucket of objects" },
      { value: "Aurora", label: "Aurora Serverless", hint: "a relational database" },
    ],
  });

async function askWorkloadName({ context, opened, flags, local }: Asking): Promise<string> {
  const registered = flags.lifecycle === "workload" ? [] : await opened.session.records.workloads(opened.application.name);
  const names = [...new Set([...local, ...registered].map(({ name }) => name))].toSorted();
  if (flags.workload !== undefined) {
    if (names.includes(flags.workload)) return flags.workload;
    throw notHere(flags.workload);
  }
  if (names.length === 0) throw new Problem("no-workload", "add storage: there is no workload to use it", { hint: "run `copilot init`" });
  const choices = names.map((name) => ({ value: name, label: name }));
  return context.prompts.select({ message: "Which workload uses it?", flag: "--workload", choices });
}

async function askName(
  { prompts }: CommandContext,
  { kind, wish, workload }: { readonly kind: Kind; readonly wish: string | undefined; readonly workload: string },
): Promise<string> {
  const check = (text: string): string | undefined => storageNameProblem(kind, text);
  const suggestion = kind === "aurora" ? { default: `${workload}-cluster` } : {};
  const name = wish ?? (await prompts.text({ message: `What is the ${storageWord(kind)} called?`, flag: "--name", check, ...suggestion }));
  checkName(kind, name);
  return name;
}

function checkName(kind: Kind, name: string): void {
  const problem = storageNameProblem(kind, name);
  if (problem !== undefined) throw new Problem("invalid-name", `name the ${storageWord(kind)} ${JSON.stringify(name)}: ${problem}`);
}

/** A file of that name says it; otherwise it is asked. */
async function askLifecycle(
  { context, root }: Asking,
  { name, workload }: { readonly name: string; readonly workload: string },
): Promise<StorageRequest["lifecycle"]> {
  const places = [
    { lifecycle: "workload", path: `copilot/${workload}/addons/${name}.yml` },
    { lifecycle: "environment", path: `copilot/environments/addons/${name}.yml` },
  ] as const;
  for (const { lifecycle, path } of places) {
    if (!(await context.files.exists(join(root, path)))) continue;
    note(context.terminal, `it lives with the ${lifecycle}, because ${path} is there.`);
    return lifecycle;
  }
  return context.prompts.select({
    message: "With what is it created and deleted?",
    flag: "--lifecycle",
    choices: [
      { value: "workload", label: `With ${workload}` },
      { value: "environment", label: "With the environment", hint: "other workloads may use it" },
    ],
  });
}

async function checkLifecycle(
  { context, root, local }: Asking,
  { lifecycle, workload }: { readonly lifecycle: StorageRequest["lifecycle"]; readonly workload: string },
): Promise<void> {
  if (lifecycle === "workload" && !local.some(({ name }) => name === workload)) throw notHere(workload);
  if (lifecycle === "environment" && (await listEnvironmentNames(context.files, root)).length === 0)
    throw new Problem("no-environment", "add storage to environments: the workspace has none", {
      hint: "run the command in the workspace that has copilot/environments, or `copilot env init`",
    });
}

/** A Request-Driven Web Service reaches a database only from within the environment's network. */
function requireNetwork({ context, opened, root, local }: Asking, workload: string): void {
  const found = local.find(({ name, type }) => name === workload && type === "Request-Driven Web Service");
  if (found === undefined) return;
  const operation = toOperationContext(context, opened, root);
  const input = { manifests: [found.manifest], application: opened.application.name, environment: "test" };
  // Warnings about the manifest belong to commands that deploy it.
  const [spec] = loadSpecs(input, { ...operation, tell: () => undefined });
  if (spec?.network.placement.kind !== "public") return;
  throw new Problem("network-missing", `add a database for ${workload}: the service is not connected to the environment's network`, {
    hint: "add this to its manifest: network: {vpc: {placement: private}}",
  });
}

async function tell({ context, opened }: Asking, request: StorageRequest, files: readonly WrittenStorageFile[]): Promise<void> {
  const { terminal } = context;
  for (const { path, kind, outcome, content } of files) {
    if (outcome === "created") succeed(terminal, `Wrote ${path}.`);
    else if (kind === "template") note(terminal, `${path} is there already and stays as it is.`);
    else note(terminal, `${path} is there already and stays as it is. It needs these lines:\n${content.trimEnd()}`);
  }
  if (opened.session.target === "docker") note(terminal, "this is a resource of AWS: environments on Docker make nothing of it.");
  if (files.length === 0) note(terminal, "nothing had to be written.");
  recommend(terminal, await followUps(request));
}

async function followUps(request: StorageRequest): Promise<readonly string[]> {
  const { workload, lifecycle } = request;
  const use = storageUse(request);
  const noun = workload.type === "Scheduled Job" ? "job" : "svc";
  const deploy = [
    ...(lifecycle === "environment" && request.isAccessOnly !== true ? ["Run `copilot env deploy` to create it in an environment."] : []),
    `Run \`copilot ${noun} deploy --name ${workload.name}\`${lifecycle === "workload" ? " to create it" : ""}.`,
  ];
  const what = request.storage.kind === "aurora" ? "its secret, as JSON," : "its name";
  const read = `Read ${what} in ${workload.name} from the environment variable ${use.variable}.`;
  if (use.manifest === undefined) return [read, ...deploy];
  const { stringify } = await import("yaml");
  return [read, `Add this to copilot/${workload.name}/manifest.yml:\n${stringify(use.manifest).trimEnd()}`, ...deploy];
}
