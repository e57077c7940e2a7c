import { join, resolve } from "node:path";
import type { WorkloadPackage } from "../targets/target.ts";
import type { CommandContext } from "./context.ts";
import { note, succeed } from "./report.ts";

/** Writes a package's files into a folder, or prints the main one. */
export async function writePackage(
  context: CommandContext,
  { files, notices }: WorkloadPackage,
  folder: string | undefined,
): Promise<void> {
  const { terminal } = context;
  for (const notice of notices) note(terminal, notice);
  // An empty name was the original's own for none: scripts give it where a variable is unset.
  if (folder === undefined || folder === "") {
    const { content } = files[0];
    terminal.out.write(content.endsWith("\n") ? content : `${content}\n`);
    return;
  }
  for (const path of await writeFiles(context, files, folder)) succeed(terminal, `Wrote ${path}.`);
}

/** Writes a package's files into a folder, and gives their paths. */
export async function writeFiles(
  { files, cwd }: Pick<CommandContext, "files" | "cwd">,
  wanted: WorkloadPackage["files"],
  folder: string,
): Promise<readonly string[]> {
  await Promise.all(wanted.map(({ name, content }) => files.write(resolve(cwd, folder, name), content)));
  return wanted.map(({ name }) => join(folder, name));
}
