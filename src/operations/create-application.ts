import type { Application } from "../model/application.ts";
import type { Files } from "../platform/files.ts";
import { createWorkspace, type Workspace } from "../state/workspace.ts";
import type { Records } from "../targets/target.ts";

/** An application that exists now, with the workspace that is tied to it. */
export interface CreatedApplication {
  readonly application: Application;
  readonly workspace: Workspace;
  /** False when it existed before. */
  readonly isNew: boolean;
}

/** Records an application on its home target and ties the folder to it. One that exists keeps what it has. */
export async function createApplication(
  input: { readonly application: Application; readonly root: string },
  { records, files }: { readonly records: Records; readonly files: Files },
): Promise<CreatedApplication> {
  const { application, root } = input;
  const existing = await records.application(application.name);
  if (existing === undefined) await records.putApplication(application);
  const workspace = await createWorkspace(files, { root, application: application.name, target: application.target });
  return { application: existing ?? application, workspace, isNew: existing === undefined };
}
