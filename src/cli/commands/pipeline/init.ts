import { Problem } from "../../../model/problem.ts";
import { currentBranch, gitIn, listRemotes } from "../../../operations/pipelines/git-workspace.ts";
import { initPipeline, suggestName, toSource } from "../../../operations/pipelines/init-pipeline.ts";
import type { CommandContext } from "../../context.ts";
import type { CommandRun, FlagValues } from "../../define.ts";
import { notYet } from "../../not-yet.ts";
import { requireWorkspace, withApplication, type OpenedApplication } from "../../open-application.ts";
import { note, printJson, succeed } from "../../report.ts";
import type { flags } from "./init.command.ts";

type Flags = FlagValues<typeof flags>;

/** Writes the manifest and the buildspec of a new pipeline. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.app }, async (opened) => {
    const { root } = requireWorkspace(opened);
    const git = gitIn(root, context.variables);
    const url = flags.url ?? flags.githubUrl ?? (await chooseRepository(context, await listRemotes(git)));
    const branch = flags.gitBranch ?? (await currentBranch(git)) ?? "main";
    note(
      context.terminal,
      `the pipeline will follow the branch ${branch} of ${url === "copilot" ? "the repository that the control plane serves" : url}.`,
    );
    const name = flags.name ?? (await askName(context, suggestName(url, branch, opened.application.name)));
    const deploys = await chooseType(context, flags);
    const environments = await chooseEnvironments(context, opened, flags.environments);
    const secret = await keepToken(opened, url, flags.githubAccessToken);
    const files = await initPipeline(
      {
        application: opened.application.name,
        name,
        url,
        branch,
        environments,
        deploys,
        version: context.version,
        ...(secret === undefined ? {} : { accessTokenSecret: secret }),
      },
      { files: context.files, root },
    );
    opened.progress.close();
    if (flags.json) {
      printJson(context.terminal, "pipeline init", { name, files });
      return;
    }
    for (const { path, outcome } of files)
      if (outcome === "created") succeed(context.terminal, `Wrote ${path}.`);
      else note(context.terminal, `${path} is there already and stays as it is.`);
    context.terminal.err.write(
      `\nRequired follow-up actions:\n  - Commit and push the copilot/ folder: git add copilot/ && git commit -m "Add a pipeline" && git push\n  - Create the pipeline: copilot pipeline deploy\n`,
    );
  });

async function chooseRepository(
  context: CommandContext,
  remotes: readonly { readonly name: string; readonly url: string }[],
): Promise<string> {
  const others = remotes.filter(({ name }) => name !== "copilot");
  const [only] = others;
  if (only === undefined) return "copilot";
  if (others.length === 1) return only.url;
  const choices = [
    ...others.map(({ name, url }) => ({ value: url, label: url, hint: name })),
    { value: "copilot", label: "copilot", hint: "served by the control plane" },
  ];
  return context.prompts.select({ message: "Which repository?", flag: "--url", choices });
}

/** The suggestion stands where nobody can be asked. */
async function askName(context: CommandContext, suggestion: string | undefined): Promise<string> {
  if (suggestion !== undefined && !context.terminal.interactive) return suggestion;
  return context.prompts.text({ message: "Pipeline name:", flag: "--name", ...(suggestion === undefined ? {} : { default: suggestion }) });
}

async function chooseType(context: CommandContext, { pipelineType }: Flags): Promise<"Workloads" | "Environments"> {
  if (pipelineType !== undefined) return pipelineType;
  if (!context.terminal.interactive) return "Workloads";
  return context.prompts.select<"Workloads" | "Environments">({
    message: "What does the pipeline deploy?",
    flag: "--pipeline-type",
    choices: [
      { value: "Workloads", label: "Workloads", hint: "services and jobs" },
      { value: "Environments", label: "Environments", hint: "the environments themselves" },
    ],
  });
}

/** The environments of the release in their order; one alone is taken without a question. */
async function chooseEnvironments(
  context: CommandContext,
  opened: OpenedApplication,
  wanted: readonly string[],
): Promise<readonly string[]> {
  const known = (await opened.session.records.environments(opened.application.name)).map(({ name }) => name);
  const missing = wanted.find((name) => !known.includes(name));
  if (missing !== undefined)
    throw new Problem(
      "environment-not-found",
      `look for the environment ${missing} of ${opened.application.name}: there ${known.length === 0 ? "is none yet" : `are ${known.join(", ")}`}`,
      {
        hint: `run \`copilot env init --name ${missing}\``,
      },
    );
  if (wanted.length > 0) return wanted;
  if (known.length === 0)
    throw new Problem("no-environment", `look for an environment of ${opened.application.name}: there is none`, {
      hint: "run `copilot env init`",
    });
  const chosen: string[] = [];
  while (chosen.length < known.length) {
    const left = known.filter((name) => !chosen.includes(name));
    const end = chosen.length === 0 ? [] : [{ value: undefined, label: "[No additional environments]" }];
    const choices = [...left.map((name) => ({ value: name, label: name })), ...end];
    const next = await context.prompts.select<string | undefined>({
      message: `Stage ${chosen.length + 1}:`,
      flag: "--environments",
      choices,
    });
    if (next === undefined) break;
    chosen.push(next);
  }
  return chosen;
}

/** Keeps a token for the repository and gives the name of its secret. */
async function keepToken({ session, application }: OpenedApplication, url: string, token: string | undefined): Promise<string | undefined> {
  if (token === undefined) return undefined;
  if (session.pipelines === undefined)
    throw notYet(`keep a token for the pipelines of ${application.name}, which lives on ${session.target}`);
  const repository = /(?<name>[^/:]+?)(?:\.git)?$/.exec(toSource(url).repository)?.groups?.["name"] ?? application.name;
  const name = `github-token-${application.name}-${repository}`;
  await session.pipelines.putSecret(application.name, name, token);
  return name;
}
