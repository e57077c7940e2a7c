import { createWorkload, type CreatedWorkload, type NewWorkload } from "../../../operations/create-workload.ts";
import { isJobType, workloadTypes } from "../../../model/names.ts";
import type { CommandContext } from "../../context.ts";
import { requireWorkspace, withApplication } from "../../open-application.ts";
import { recommend, succeed } from "../../report.ts";
import { askWorkload, type WorkloadWishes } from "../../workload-questions.ts";

/** Writes the manifest of a service or job and registers it. */
export const initOne = (
  kind: "service" | "job",
  wishes: WorkloadWishes & { readonly app: string | undefined },
  context: CommandContext,
): Promise<void> =>
  withApplication(context, { app: wishes.app }, async (opened) => {
    const workspace = requireWorkspace(opened);
    const types = workloadTypes.filter((type) => isJobType(type) === (kind === "job"));
    const typeFlag = kind === "job" ? "--job-type" : "--svc-type";
    const workload = await askWorkload(context, wishes, { root: workspace.root, types, typeFlag });
    const created = await createWorkload({ workspace, workload }, { records: opened.session.records, files: context.files });
    reportCreated(context, workload, created);
    const noun = kind === "job" ? "job" : "svc";
    recommend(context.terminal, [
      `Edit ${created.manifest} to change what it has.`,
      `Run \`copilot ${noun} deploy --name ${workload.name} --env test\` to deploy it.`,
    ]);
  });

/** Tells about a manifest that is there now. */
export function reportCreated({ terminal }: CommandContext, { name, type }: NewWorkload, created: CreatedWorkload): void {
  const noun = isJobType(type) ? "job" : "service";
  succeed(
    terminal,
    created.isNew ? `Wrote the manifest ${created.manifest}.` : `The manifest ${created.manifest} exists and was left alone.`,
  );
  succeed(terminal, created.wasRegistered ? `The ${noun} ${name} exists already.` : `Registered the ${noun} ${name}.`);
}
