import { createEnvironment } from "../../../operations/create-environment.ts";
import { nameProblem, type TargetName } from "../../../model/names.ts";
import { Problem } from "../../../model/problem.ts";
import type { CommandContext } from "../../context.ts";
import type { CommandRun } from "../../define.ts";
import { notYet } from "../../not-yet.ts";
import { hasAwsCredentials, withApplication } from "../../open-application.ts";
import { recommend, succeed } from "../../report.ts";
import type { flags } from "./init.command.ts";

/** Registers an environment and writes its manifest. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.app }, async ({ application, session, workspace }) => {
    const name =
      flags.name ?? (await context.prompts.text({ message: "What is the environment called?", flag: "--name", check: nameProblem }));
    const target = flags.target ?? (await chooseTarget(context, application.target));
    if (target === "aws") throw notYet("register an environment on AWS", "use --target docker");
    const existing = await session.records.environments(application.name);
    const known = existing.find((environment) => environment.name === name);
    if (known !== undefined && known.target !== target)
      throw new Problem(
        "environment-exists",
        `register the environment ${name} on ${target}: ${application.name} has it on ${known.target}`,
        {
          hint: `run \`copilot env show --name ${name}\` to see it`,
        },
      );
    const root = workspace?.application === application.name ? workspace.root : undefined;
    const { manifest } = await createEnvironment(
      { application: application.name, name, target, root },
      { records: session.records, files: context.files },
    );
    if (manifest !== undefined)
      succeed(
        context.terminal,
        manifest.isNew ? `Wrote the manifest ${manifest.path}.` : `The manifest ${manifest.path} exists and was left alone.`,
      );
    succeed(
      context.terminal,
      `${known === undefined ? "Registered" : "Found"} the environment ${name} of ${application.name} on ${target}.`,
    );
    recommend(context.terminal, [
      ...(manifest === undefined ? [] : [`Edit ${manifest.path} to change what the environment has.`]),
      `Run \`copilot env deploy --name ${name}\` to deploy it.`,
    ]);
  });

async function chooseTarget(context: CommandContext, home: TargetName): Promise<TargetName> {
  if (!context.terminal.interactive || !(await hasAwsCredentials(context))) return home;
  return context.prompts.select<TargetName>({
    message: "Where does the environment run?",
    flag: "--target",
    choices: [
      { value: "docker", label: "Docker", hint: "the Docker engine that this machine talks to" },
      { value: "aws", label: "AWS", hint: "CloudFormation and ECS" },
    ],
  });
}
