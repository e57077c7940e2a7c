import { parse as parseYaml } from "yaml";
import type { ExecutionState } from "../../pipelines/execution/state.ts";
import type { PendingChange } from "../../pipelines/pipeline-api.ts";
import type { StackDocument } from "../../targets/docker/stack-document.ts";
import { isStackDocument } from "../api/read-body.ts";
import type { WorkloadKey } from "../object-names.ts";
import { artifactFile } from "./execution-store.ts";
import { buildArtifact } from "./perform-build.ts";
import { templatePaths } from "./perform-deploy.ts";
import { readFromArchive } from "./read-archive.ts";

/** The document of what runs now. */
export type DeployedDocument = (key: WorkloadKey) => StackDocument | undefined;

/** What the stage that an execution is in, or comes to next, would deploy. */
export async function pendingChanges(state: ExecutionState, folder: string, deployed: DeployedDocument): Promise<readonly PendingChange[]> {
  const index = state.stages.findIndex(({ status, name }) => status !== "succeeded" && name.startsWith("DeployTo-"));
  const stage = state.pipeline.stages[index];
  if (stage === undefined) return [];
  const changes: PendingChange[] = [];
  for (const { work } of stage.actions) {
    if (work.kind !== "deploy" || work.subject !== "workload") continue;
    const key = { application: state.pipeline.application, environment: work.environment, workload: work.name };
    const before = deployed(key);
    const file = await readFromArchive(artifactFile(folder, buildArtifact), templatePaths(work.templatePath)).catch(() => undefined);
    const value: unknown = file === undefined ? undefined : parseYaml(file.text);
    changes.push({
      stage: stage.name,
      environment: work.environment,
      workload: work.name,
      ...(before === undefined ? {} : { before }),
      ...(isStackDocument(value) ? { after: value } : {}),
    });
  }
  return changes;
}
