import { basename, resolve } from "node:path";
import { annotationHost, renderAnnotations, renderDiagnostics } from "../../manifest/render.ts";
import { validate } from "../../operations/validate.ts";
import { Problem } from "../../model/problem.ts";
import { findWorkspace } from "../../state/workspace.ts";
import type { CommandRun } from "../define.ts";
import { printJson } from "../report.ts";
import type { flags } from "./validate.command.ts";

/** Checks manifests without touching anything: 0 accepted, 1 refused. */
export const run: CommandRun<typeof flags> = async ({ argument, flags }, context) => {
  if (flags.resolved && flags.env === undefined)
    throw new Problem("answer-missing", "print the manifests as they are in an environment: none is named", { hint: "name it with --env" });
  const { terminal, files, cwd, variables } = context;
  const workspace = await findWorkspace(files, cwd);
  const root = workspace?.root ?? cwd;
  if (argument !== undefined && !(await files.exists(resolve(cwd, argument))))
    throw new Problem("file-missing", `read ${argument}: it is not there`);
  const found = await validate(
    {
      root,
      application: workspace?.application ?? basename(root),
      variables,
      lenient: flags.lenient,
      ...(argument === undefined ? {} : { path: resolve(cwd, argument) }),
      ...(flags.env === undefined ? {} : { environment: flags.env }),
    },
    files,
  );
  const exitCode = found.accepted ? 0 : 1;
  if (flags.json) {
    printJson(terminal, "validate", {
      accepted: found.accepted,
      files: found.files,
      diagnostics: found.diagnostics,
      ...(flags.resolved ? { resolved: found.resolved } : {}),
    });
    return exitCode;
  }
  const host = annotationHost(variables);
  if (host !== undefined && found.diagnostics.length > 0) terminal.out.write(`${renderAnnotations(found.diagnostics, host)}\n`);
  if (found.diagnostics.length > 0) terminal.err.write(`${renderDiagnostics(found.diagnostics, { color: terminal.err.color })}\n`);
  if (flags.resolved) terminal.out.write(found.resolved.map(({ text }) => text).join("---\n"));
  const counted = `${found.files.length} ${found.files.length === 1 ? "manifest" : "manifests"}`;
  if (found.accepted) terminal.err.write(`${terminal.err.style.green("✔")} ${counted} accepted.\n`);
  else terminal.err.write(`${terminal.err.style.red("✘")} Not accepted: ${counted} checked.\n`);
  return exitCode;
};
