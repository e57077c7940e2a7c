import { Problem } from "../../../model/problem.ts";
import { commitWorkingTree, gitIn, pushCommit } from "../../../operations/pipelines/git-workspace.ts";
import type { CommandContext } from "../../context.ts";
import type { CommandRun } from "../../define.ts";
import { followExecution, reportExecution } from "../../follow-execution.ts";
import { requireWorkspace } from "../../open-application.ts";
import { withPipeline, type OpenedPipeline } from "../../open-pipeline.ts";
import { printJson, succeed } from "../../report.ts";
import type { flags } from "./run.command.ts";

/** Starts an execution: of the folder as it is, of a commit, or of what the source has. */
export const run: CommandRun<typeof flags> = ({ flags }, context) => {
  if (flags.remote && flags.commit !== undefined) throw new Problem("flags-exclusive", "read --remote: it does not go with --commit");
  return withPipeline(context, { app: flags.app, name: flags.name }, async (opened) => {
    const revision = flags.remote ? undefined : await pushRevision(context, opened, flags.commit);
    const { state } = await opened.pipelines.run(opened.application.name, opened.name, {
      user: opened.user,
      ...(revision === undefined ? {} : { revision }),
    });
    if (flags.detach) {
      if (flags.json) printJson(context.terminal, "pipeline run", { execution: state });
      else succeed(context.terminal, `Started execution ${state.number} of ${opened.name}.`);
      return 0;
    }
    const end = await followExecution(context, opened, state.number);
    opened.progress.close();
    return reportExecution(context, end, flags.json);
  });
};

/** Brings the commit to the control plane and gives its id. */
async function pushRevision(context: CommandContext, opened: OpenedPipeline, wanted: string | undefined): Promise<string> {
  const git = gitIn(requireWorkspace(opened).root, context.variables);
  const commit = wanted === undefined ? await commitWorkingTree(git, `Working tree of ${opened.user}`) : await resolve(git, wanted);
  await pushCommit(git, opened.pipelines.gitRemote(opened.application.name), { commit, reference: `refs/copilot/runs/${commit}` });
  return commit;
}

async function resolve(git: ReturnType<typeof gitIn>, revision: string): Promise<string> {
  const { code, stdout } = await git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`]);
  if (code !== 0)
    throw new Problem("commit-missing", `release ${revision}: this repository has no such commit`, { hint: "git log --oneline" });
  return stdout.trim();
}
