import { join } from "node:path";
import { Problem } from "../model/problem.ts";
import type { OverridableResource } from "../overrides/scaffold/overridable-resource.ts";
import type { ScaffoldFile } from "../overrides/scaffold/scaffold-file.ts";
import type { TargetSession, WorkloadPackage } from "../targets/target.ts";
import type { CommandContext } from "./context.ts";
import { recommend, succeed } from "./report.ts";

/** How a person wants to write changes; the flags of every `override`. */
export interface OverridingFlags {
  readonly tool: "cdk" | "yamlpatch" | undefined;
  readonly skipResources: boolean;
}

/** Whose template is changed. */
export interface OverriddenTemplate {
  /** For people, e.g. `the service api`. */
  readonly subject: string;
  /** The command's noun, e.g. `svc`. */
  readonly noun: string;
  /** Absolute path of the workspace. */
  readonly root: string;
  /** The `overrides` folder from the workspace root. */
  readonly folder: string;
  /** A pipeline's template belongs to no environment. */
  readonly hasEnvironment: boolean;
  /** Makes the template without any changes. Not called when nobody asks for its resources. */
  readonly template: () => Promise<WorkloadPackage>;
}

/** Only a target whose documents are templates has something to override. Throws a `Problem` otherwise. */
export function requireTemplates({ target }: TargetSession, subject: string): void {
  if (target === "aws") return;
  throw new Problem("no-template", `write overrides for ${subject}: an application on Docker has no CloudFormation templates`, {
    hint: "write what you need into the manifest",
  });
}

/** Writes the files of an `overrides` folder that is not there yet. */
export async function writeOverrides(context: CommandContext, flags: OverridingFlags, wanted: OverriddenTemplate): Promise<void> {
  const { subject, root, folder, noun } = wanted;
  if ((await context.files.list(join(root, folder))).length > 0)
    throw new Problem("overrides-exist", `write overrides for ${subject}: ${folder} has files already`, {
      hint: "change them, or move them away first",
    });
  const tool = flags.tool ?? (await chooseTool(context));
  const resources = flags.skipResources ? [] : await chooseResources(context, await wanted.template());
  const files = await renderScaffold(tool, resources, wanted.hasEnvironment);
  await Promise.all(files.map(({ path, content }) => context.files.create(join(root, folder, path), content)));
  for (const { path } of files) succeed(context.terminal, `Wrote ${folder}/${path}.`);
  recommend(context.terminal, [`Run \`copilot ${noun} package --diff\` to see what your changes do.`]);
}

const chooseTool = ({ prompts }: CommandContext) =>
  prompts.select({
    message: "How do you want to write the changes?",
    flag: "--tool",
    choices: [
      { value: "cdk" as const, label: "CDK", hint: "a project in TypeScript" },
      { value: "yamlpatch" as const, label: "YAML patches", hint: "a list of edits" },
    ],
  });

async function chooseResources({ prompts }: CommandContext, { files }: WorkloadPackage): Promise<readonly OverridableResource[]> {
  const [{ readTemplate }, { readOverridableResources }] = await Promise.all([
    import("../targets/aws/cloudformation/read.ts"),
    import("../overrides/scaffold/overridable-resource.ts"),
  ]);
  const choices = readOverridableResources(readTemplate(files[0].content, files[0].name)).map((resource) => ({
    value: resource,
    label: resource.logicalId,
    hint: resource.type,
  }));
  return prompts.selectSeveral({ message: "Which resources do you want to change?", flag: "--skip-resources", choices });
}

async function renderScaffold(
  tool: "cdk" | "yamlpatch",
  resources: readonly OverridableResource[],
  hasEnvironment: boolean,
): Promise<readonly ScaffoldFile[]> {
  if (tool === "cdk") return (await import("../overrides/scaffold/cdk-scaffold.ts")).renderCdkScaffold({ resources, hasEnvironment });
  return (await import("../overrides/scaffold/patch-scaffold.ts")).renderPatchScaffold(resources);
}
