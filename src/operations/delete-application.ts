import type { Files } from "../platform/files.ts";
import { deleteWorkspace, type Workspace } from "../state/workspace.ts";
import type { TargetSession } from "../targets/target.ts";
import { finish, type Follower } from "./follow.ts";

/** Deletes everything of an application on its target, then forgets it in the workspace; manifests stay. */
export async function deleteApplication(
  input: { readonly application: string; readonly workspace: Workspace | undefined },
  context: Follower & { readonly session: TargetSession; readonly files: Files; readonly signal: AbortSignal },
): Promise<void> {
  const step = { id: "delete", title: `Delete the application ${input.application}` };
  await finish(step, context.session.deleteApplication(input.application, context.signal), context);
  if (input.workspace !== undefined) await deleteWorkspace(context.files, input.workspace);
}
