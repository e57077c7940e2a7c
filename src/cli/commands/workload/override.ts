import { loadSpecs } from "../../../operations/load-specs.ts";
import { readAddons, workloadExtensions } from "../../../operations/read-extensions.ts";
import type { CommandContext } from "../../context.ts";
import { requireWorkspace, toOperationContext, withApplication, type OpenedApplication } from "../../open-application.ts";
import { selectEnvironment, selectLocalWorkload, verbOf } from "../../select.ts";
import { requireTemplates, writeOverrides, type OverridingFlags } from "../../write-overrides.ts";
import type { LocalWorkload } from "../../../operations/local-workloads.ts";

/** What `svc override` and `job override` are called with. */
export interface WorkloadOverridingFlags extends OverridingFlags {
  readonly app: string | undefined;
  readonly name: string | undefined;
  readonly env: string | undefined;
}

/** Writes the files with which a person changes a workload's template. */
export const overrideOne = (kind: "service" | "job", flags: WorkloadOverridingFlags, context: CommandContext): Promise<void> =>
  withApplication(context, { app: flags.app }, async (opened) => {
    const { root } = requireWorkspace(opened);
    requireTemplates(opened.session, `a ${kind}`);
    const workload = await selectLocalWorkload(context, opened, { name: flags.name, kind });
    await writeOverrides(context, flags, {
      subject: `the ${kind} ${workload.name}`,
      noun: verbOf(kind),
      root,
      folder: workloadExtensions(workload.name).overrides,
      hasEnvironment: true,
      template: () => compileUnchanged(workload, { context, opened, env: flags.env }),
    });
  });

interface Compiling {
  readonly context: CommandContext;
  readonly opened: OpenedApplication;
  readonly env: string | undefined;
}

async function compileUnchanged(workload: LocalWorkload, { context, opened, env }: Compiling) {
  const environment = await selectEnvironment(context, opened, { name: env, flag: "--env" });
  const operation = toOperationContext(context, opened, requireWorkspace(opened).root);
  const manifests = { manifests: [workload.manifest], application: opened.application.name, environment: environment.name };
  const [spec] = loadSpecs(manifests, operation);
  if (spec === undefined) throw new Error(`${workload.name} was read and is gone.`);
  const extensions = await readAddons(workloadExtensions(workload.name), operation);
  return opened.session.packageWorkload(spec, { images: {}, envFiles: {} }, { extensions, files: "named", allowDowngrade: true });
}
