import { createApplication } from "../../../operations/create-application.ts";
import { findWorkspace } from "../../../state/workspace.ts";
import { Problem } from "../../../model/problem.ts";
import { nameProblem } from "../../../model/names.ts";
import type { CommandContext } from "../../context.ts";
import type { CommandRun } from "../../define.ts";
import { withTarget } from "../../open-application.ts";
import { recommend, succeed } from "../../report.ts";
import type { flags } from "./init.command.ts";

/** Creates an application and ties this folder to it. */
export const run: CommandRun<typeof flags> = async ({ argument, flags }, context) => {
  const name = await nameOf(context, argument);
  await withTarget(context, { target: flags.target }, async ({ workspace, session }) => {
    const created = await createApplication(
      {
        application: {
          name,
          target: session.target,
          ...(flags.domain === undefined ? {} : { domain: flags.domain }),
          ...(flags.permissionsBoundary === undefined ? {} : { permissionsBoundary: flags.permissionsBoundary }),
          ...(Object.keys(flags.resourceTags).length === 0 ? {} : { tags: flags.resourceTags }),
        },
        root: workspace?.root ?? context.cwd,
      },
      { records: session.records, files: context.files },
    );
    const where = created.workspace.root === context.cwd ? "copilot" : `${created.workspace.root}/copilot`;
    succeed(
      context.terminal,
      created.isNew
        ? `Created the application ${name}; ${where}/ will hold its manifests.`
        : `The application ${name} exists; ${where}/ holds its manifests.`,
    );
  });
  recommend(context.terminal, ["Run `copilot init` to add a service or job."]);
};

async function nameOf(context: CommandContext, wish: string | undefined): Promise<string> {
  const workspace = await findWorkspace(context.files, context.cwd);
  if (workspace !== undefined && wish !== undefined && wish !== workspace.application)
    throw new Problem("other-workspace", `create ${wish} here: ${workspace.root} belongs to the application ${workspace.application}`, {
      hint: `use another folder, or delete copilot/.workspace to leave ${workspace.application}`,
    });
  const name =
    wish ??
    workspace?.application ??
    (await context.prompts.text({
      message: "What is the application called?",
      flag: "a name: `copilot app init NAME`",
      check: nameProblem,
    }));
  const problem = nameProblem(name);
  if (problem !== undefined) throw new Problem("invalid-name", `name the application ${JSON.stringify(name)}: ${problem}`);
  return name;
}
