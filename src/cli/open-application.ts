import type { Application, Environment } from "../model/application.ts";
import { Problem } from "../model/problem.ts";
import type { TargetName } from "../model/names.ts";
import type { OperationContext, ProvideImages } from "../operations/operation-context.ts";
import { findWorkspace, type Workspace } from "../state/workspace.ts";
import type { TargetSession } from "../targets/target.ts";
import { createProgress, type Progress } from "../terminal/progress.ts";
import type { CommandContext, TargetConnection } from "./context.ts";

/** A connection to a target with what shows its progress. */
export interface OpenedTarget {
  readonly workspace: Workspace | undefined;
  readonly session: TargetSession;
  readonly provideImages: ProvideImages;
  readonly progress: Progress;
}

/** An application that is known to its home target. */
export interface OpenedApplication extends OpenedTarget {
  readonly application: Application;
}

/** What opening depends on. */
export interface OpenOptions {
  readonly app?: string | undefined;
  readonly target?: TargetName | undefined;
  /** Whether progress goes to standard output as JSON lines. */
  readonly jsonProgress?: boolean;
}

/** Whether this machine knows AWS credentials: then an application without a mark lives there, as the original's do. */
export async function hasAwsCredentials({
  variables,
  files,
  home,
}: Pick<CommandContext, "variables" | "files" | "home">): Promise<boolean> {
  const named = [
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_CONFIG_FILE",
  ];
  if (named.some((name) => (variables[name] ?? "") !== "")) return true;
  const [credentials, config] = await Promise.all(["credentials", "config"].map((name) => files.exists(`${home}/.aws/${name}`)));
  return credentials === true || config === true;
}

/** Where the records of the application at hand live. */
export async function homeTarget(context: CommandContext, workspace: Workspace | undefined, wish?: TargetName): Promise<TargetName> {
  return wish ?? workspace?.target ?? ((await hasAwsCredentials(context)) ? "aws" : "docker");
}

/** Connects to the home target for the time of `work`. */
export async function withTarget<T>(context: CommandContext, options: OpenOptions, work: (opened: OpenedTarget) => Promise<T>): Promise<T> {
  const workspace = await findWorkspace(context.files, context.cwd);
  const progress = createProgress(context.terminal, { json: options.jsonProgress === true, ci: context.variables["CI"] === "true" });
  let connection: TargetConnection | undefined;
  const message = "Stopping: what was begun is undone. Ctrl-C once more leaves at once, and then it goes on without this command.";
  let target: TargetName | undefined;
  const onInterrupt = (): void => {
    // Calls of AWS end at once, and this version changes nothing there.
    if (target !== "aws") progress.tell({ type: "notice", level: "info", message });
  };
  context.signal.addEventListener("abort", onInterrupt, { once: true });
  try {
    target = await homeTarget(context, workspace, options.target);
    connection = await unlessInterrupted(context.signal, context.openTarget(target, progress.tell));
    return await work({ workspace, ...connection, progress });
  } catch (error) {
    if (target !== "docker" || !isOfAws(workspace, options) || !(error instanceof Problem && notOnDocker.has(error.code))) throw error;
    throw withoutCredentials(workspace, error);
  } finally {
    context.signal.removeEventListener("abort", onInterrupt);
    progress.close();
    connection?.session.close();
  }
}

/** Whether it is about the application of a workspace that names no target, as those of AWS do. */
const isOfAws = (workspace: Workspace | undefined, { app, target }: OpenOptions): workspace is Workspace =>
  workspace !== undefined && (target ?? workspace.target) === undefined && (app ?? workspace.application) === workspace.application;

/** What comes out where an application does not run on this machine's Docker. */
const notOnDocker = new Set(["docker-not-found", "engine-unreachable", "application-not-found"]);

/** Without credentials it was looked for on Docker, where it could have been made too. */
const withoutCredentials = ({ application }: Workspace, cause: Problem): Problem =>
  new Problem(
    "aws-credentials-missing",
    `look for the application ${application}: its workspace is one of AWS, and there are no credentials of AWS, neither variables nor ~/.aws`,
    {
      cause,
      hint: `run \`aws configure\`, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION. To run it on Docker instead, write "target: docker" into copilot/.workspace and run \`copilot app init\``,
    },
  );

/** A control plane may have to be started for a connection: whoever presses Ctrl-C meanwhile wants nothing of what comes after. */
async function unlessInterrupted(signal: AbortSignal, opening: Promise<TargetConnection>): Promise<TargetConnection> {
  const connection = await opening;
  if (!signal.aborted) return connection;
  connection.session.close();
  throw signal.reason;
}

/** Connects to the home target and finds the application: the named one, the workspace's, or the one that is chosen. */
export function withApplication<T>(
  context: CommandContext,
  options: OpenOptions,
  work: (opened: OpenedApplication) => Promise<T>,
): Promise<T> {
  return withTarget(context, options, async (opened) => {
    const name = options.app ?? opened.workspace?.application ?? (await chooseApplication(context, opened.session));
    const application = await opened.session.records.application(name);
    if (application === undefined) throw unknownApplication(name, opened);
    return work({ ...opened, application });
  });
}

async function chooseApplication(context: CommandContext, session: TargetSession): Promise<string> {
  const applications = await session.records.applications();
  const [only] = applications;
  if (only === undefined) throw new Problem("no-application", "look for an application: there is none", { hint: "run `copilot app init`" });
  if (applications.length === 1) {
    context.terminal.err.write(`Only found one application, taking ${only.name}.\n`);
    return only.name;
  }
  const choices = applications.map(({ name }) => ({ value: name, label: name }));
  return context.prompts.select({ message: "Which application?", flag: "--app", choices });
}

function unknownApplication(name: string, { workspace, session }: OpenedTarget): Problem {
  const isOwn = workspace?.application === name;
  const where = session.region === undefined ? "" : ` in ${session.region}, with these credentials`;
  const why = `${isOwn ? "this workspace names it, and it" : "it"} does not exist${where}`;
  // Where there are several accounts and regions, the wrong one is likelier than none.
  const hint = session.region === undefined ? "" : "set AWS_REGION and the credentials to where the application was made, or ";
  return new Problem("application-not-found", `look for the application ${name}: ${why}`, {
    hint: `${hint}run \`copilot app init ${name}\``,
  });
}

/** The workspace of an opened application; needed where manifests are read. */
export function requireWorkspace({ workspace, application }: Pick<OpenedApplication, "workspace" | "application">): Workspace {
  if (workspace === undefined)
    throw new Problem("no-workspace", "look for a workspace: no folder from here upwards has copilot/.workspace", {
      hint: "run `copilot app init`",
    });
  if (workspace.application !== application.name)
    throw new Problem(
      "other-workspace",
      `work on ${application.name}: this workspace belongs to the application ${workspace.application}`,
      {
        hint: `change to the workspace of ${application.name}`,
      },
    );
  return workspace;
}

/** What use cases need, put together of an opened application. */
export function toOperationContext(context: CommandContext, opened: OpenedTarget, root: string): OperationContext {
  return {
    session: opened.session,
    files: context.files,
    provideImages: opened.provideImages,
    root,
    variables: context.variables,
    now: context.now,
    signal: context.signal,
    tell: opened.progress.tell,
  };
}

/** An environment of the application by name. */
export async function findEnvironment({ session, application }: OpenedApplication, name: string): Promise<Environment> {
  const environments = await session.records.environments(application.name);
  const found = environments.find((environment) => environment.name === name);
  if (found !== undefined) return found;
  const known = environments.map((environment) => environment.name).join(", ");
  throw new Problem(
    "environment-not-found",
    `look for the environment ${name} of ${application.name}: ${known === "" ? "there is none yet" : `there are ${known}`}`,
    {
      hint: `run \`copilot env init --name ${name}\``,
    },
  );
}
