import type { Environment } from "../model/application.ts";
import {
  findLocalWorkloads,
  isOfKind,
  readLocalWorkload,
  type FoundWorkloads,
  type LocalWorkload,
  type WorkloadKind,
} from "../operations/local-workloads.ts";
import { toSentence } from "../operations/load-specs.ts";
import { Problem } from "../model/problem.ts";
import type { CommandContext } from "./context.ts";
import { listDeployed } from "../operations/list-deployed.ts";
import { nearest } from "./nearest.ts";
import { note } from "./report.ts";
import { manifestPath } from "../state/workspace.ts";
import { findEnvironment, requireWorkspace, type OpenedApplication } from "./open-application.ts";

/** The environment that is named, the only one, or the one that is chosen. */
export async function selectEnvironment(
  context: CommandContext,
  opened: OpenedApplication,
  wish: { readonly name: string | undefined; readonly flag: string },
): Promise<Environment> {
  if (wish.name !== undefined) return findEnvironment(opened, wish.name);
  const environments = await opened.session.records.environments(opened.application.name);
  const [only] = environments;
  if (only === undefined)
    throw new Problem("no-environment", `look for an environment of ${opened.application.name}: there is none`, {
      hint: "run `copilot env init`",
    });
  if (environments.length === 1) {
    context.terminal.err.write(`Only found one environment, taking ${only.name}.\n`);
    return only;
  }
  const choices = environments.map((environment) => ({ value: environment, label: environment.name, hint: environment.target }));
  return context.prompts.select({ message: "Which environment?", flag: wish.flag, choices });
}

/** The workload of the workspace that is named, the only one of its kind, or the one that is chosen. */
export async function selectLocalWorkload(
  context: CommandContext,
  opened: OpenedApplication,
  wish: { readonly name: string | undefined; readonly kind: WorkloadKind },
): Promise<LocalWorkload> {
  const workspace = requireWorkspace(opened);
  const named = wish.name === undefined ? undefined : await readLocalWorkload(context.files, workspace.root, wish.name);
  if (named !== undefined && isOfKind(named.type, wish.kind)) return named;
  const found = await findLocalWorkloads(context.files, workspace.root);
  const fitting = found.workloads.filter(({ type }) => isOfKind(type, wish.kind));
  if (wish.name !== undefined) {
    if (named !== undefined) throw otherKind(named, wish.kind);
    return findLocalWorkload({ ...found, workloads: fitting }, wish.name, wish.kind);
  }
  tellUnreadable(context, found);
  const [only] = fitting;
  if (only === undefined)
    throw new Problem(`no-${wish.kind}`, `look for a ${wish.kind}: the workspace has none`, {
      hint: `run \`copilot ${verbOf(wish.kind)} init\``,
    });
  if (fitting.length === 1) {
    context.terminal.err.write(`Only found one ${wish.kind}, taking ${only.name}.\n`);
    return only;
  }
  const choices = fitting.map((workload) => ({ value: workload, label: workload.name, hint: workload.type }));
  return context.prompts.select({ message: `Which ${wish.kind}?`, flag: "--name", choices });
}

function otherKind({ name, type }: LocalWorkload, kind: WorkloadKind): Problem {
  const verb = kind === "job" ? "svc" : "job";
  return new Problem(`${kind}-not-found`, `look for the ${kind} ${name}: ${manifestPath(name)} is of type ${type}`, {
    hint: `use \`copilot ${verb}\` instead of \`copilot ${verbOf(kind)}\``,
  });
}

/** Warns of manifests that are left out because they have no readable name and type. */
export function tellUnreadable({ terminal }: Pick<CommandContext, "terminal">, { complaints }: FoundWorkloads): void {
  for (const complaint of complaints) note(terminal, `Left out: ${toSentence(complaint)}`);
}

/** A workload of the workspace by name. What is wrong with other manifests is nobody's concern. */
export function findLocalWorkload({ workloads, complaints }: FoundWorkloads, name: string, kind: WorkloadKind): LocalWorkload {
  const found = workloads.find((workload) => workload.name === name);
  if (found !== undefined) return found;
  const own = complaints.filter(({ at }) => at?.file === manifestPath(name));
  if (own.length > 0)
    throw new Problem("manifest-invalid", `read the manifest of ${name}: it has no readable name and type`, { diagnostics: own });
  const guess = nearest(
    name,
    workloads.map((workload) => workload.name),
  );
  throw new Problem(`${kind}-not-found`, `look for the ${kind} ${name}: copilot/${name}/manifest.yml is not there`, {
    hint: guess === undefined ? `run \`copilot ${verbOf(kind)} init --name ${name}\`` : `did you mean ${guess}?`,
  });
}

/** The noun of the command line for a kind of workload. */
export const verbOf = (kind: WorkloadKind): string => (kind === "job" ? "job" : "svc");

/** A workload as it is deployed somewhere. */
export interface DeployedChoice {
  readonly environment: Environment;
  readonly name: string;
}

/** Which deployed workload a command is about, as far as its flags say. */
export interface DeployedWish {
  readonly name: string | undefined;
  readonly env: string | undefined;
  readonly kind: WorkloadKind;
}

/** The deployed workload that is named, the only one, or the one that is chosen. */
export async function selectDeployed(context: CommandContext, opened: OpenedApplication, wish: DeployedWish): Promise<DeployedChoice> {
  if (wish.name !== undefined && wish.env !== undefined) return { environment: await findEnvironment(opened, wish.env), name: wish.name };
  const environments = await environmentsOf(opened, wish.env);
  const [only, ...others] = await findDeployed(opened, environments, wish);
  if (only === undefined) throw nothingDeployed(opened.application.name, wish);
  if (others.length === 0) {
    if (wish.name === undefined || environments.length > 1)
      context.terminal.err.write(`Only found ${only.name} in the environment ${only.environment.name}, taking it.\n`);
    return only;
  }
  const choices = [only, ...others].map((one) => ({ value: one, label: `${one.name} (${one.environment.name})` }));
  return context.prompts.select({ message: `Which ${wish.kind}?`, flag: wish.name === undefined ? "--name and --env" : "--env", choices });
}

/** As {@link selectDeployed}, for commands that tell about a workload in all environments. */
export async function selectDeployedName(context: CommandContext, opened: OpenedApplication, wish: DeployedWish): Promise<string> {
  if (wish.name !== undefined) return wish.name;
  const found = await findDeployed(opened, await environmentsOf(opened, wish.env), wish);
  const names = [...new Set(found.map(({ name }) => name))];
  const [only] = names;
  if (only === undefined) throw nothingDeployed(opened.application.name, wish);
  if (names.length === 1) {
    context.terminal.err.write(`Only found one ${wish.kind}, taking ${only}.\n`);
    return only;
  }
  const choices = names.map((name) => ({ value: name, label: name }));
  return context.prompts.select({ message: `Which ${wish.kind}?`, flag: "--name", choices });
}

const environmentsOf = async (opened: OpenedApplication, name: string | undefined): Promise<readonly Environment[]> =>
  name === undefined ? opened.session.records.environments(opened.application.name) : [await findEnvironment(opened, name)];

async function findDeployed(
  { session }: OpenedApplication,
  environments: readonly Environment[],
  wish: DeployedWish,
): Promise<readonly DeployedChoice[]> {
  const deployed = await Promise.all(
    environments.map(async (environment) =>
      (await listDeployed(session, environment))
        .filter(({ type, name }) => isOfKind(type, wish.kind) && (wish.name ?? name) === name)
        .map(({ name }): DeployedChoice => ({ environment, name })),
    ),
  );
  return deployed.flat();
}

function nothingDeployed(application: string, wish: DeployedWish): Problem {
  const what = wish.name === undefined ? `a ${wish.kind} of ${application}` : `the ${wish.kind} ${wish.name} of ${application}`;
  const where = wish.env === undefined ? "in any environment" : `in ${wish.env}`;
  return new Problem("not-deployed", `look for ${what}: none is deployed ${where}`, { hint: "run `copilot deploy`" });
}
