import { completeWords, type NamesOf } from "../complete-words.ts";
import type { CommandRun } from "../define.ts";
import type { CommandContext } from "../context.ts";
import { findWorkspace, listEnvironmentNames, listWorkloadManifests } from "../../state/workspace.ts";
import type { flags } from "./complete.command.ts";

/** Prints candidates, one a line, with a description behind a tab. Reads nothing but the workspace's folders, to be fast. */
export const run: CommandRun<typeof flags> = async ({ flags }, context) => {
  const candidates = await completeWords(context.commands, flags.words, namesIn(context));
  context.terminal.out.write(candidates.map(({ value, brief }) => `${value}\t${brief}\n`).join(""));
};

const namesIn =
  ({ files, cwd }: CommandContext): NamesOf =>
  async (completion) => {
    const workspace = await findWorkspace(files, cwd).catch(() => undefined);
    if (workspace === undefined) return [];
    if (completion === "environment") return listEnvironmentNames(files, workspace.root);
    if (completion === "pipeline") return (await files.list(`${workspace.root}/copilot/pipelines`)).map(({ name }) => name);
    if (completion === "file" || completion === "directory") return [];
    const manifests = await listWorkloadManifests(files, workspace.root);
    const wantsJob = completion === "job";
    return manifests
      .filter(({ text }) => completion === "workload" || /^type:\s*['"]?Scheduled Job/m.test(text) === wantsJob)
      .map(({ path }) => path.split("/")[1] ?? "");
  };
