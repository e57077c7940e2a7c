import { gatherAssets } from "../../../operations/gather-assets.ts";
import { loadSpecs } from "../../../operations/load-specs.ts";
import { readExtensions, workloadExtensions } from "../../../operations/read-extensions.ts";
import { compareDeployed, tellingDifferences, writeComparison } from "../../compare-deployed.ts";
import type { CommandContext } from "../../context.ts";
import { requireWorkspace, toOperationContext, withApplication } from "../../open-application.ts";
import { selectEnvironment, selectLocalWorkload } from "../../select.ts";
import { writePackage } from "../../write-package.ts";

/** What `svc package` and `job package` are called with. */
export interface PackageFlags {
  readonly app: string | undefined;
  readonly name: string | undefined;
  readonly env: string | undefined;
  readonly tag: string | undefined;
  readonly outputDir: string | undefined;
  readonly uploadAssets: boolean;
  readonly diff: boolean;
  readonly allowDowngrade: boolean;
}

/** Prints or writes what a deployment would apply. With `--diff`: 0 equal, 1 different, 2 not comparable. */
export const packageOne = (kind: "service" | "job", flags: PackageFlags, context: CommandContext): Promise<number> =>
  tellingDifferences(flags.diff, () => packageWorkload(kind, flags, context));

const packageWorkload = (kind: "service" | "job", flags: PackageFlags, context: CommandContext): Promise<number> =>
  withApplication(context, { app: flags.app }, async (opened) => {
    const workload = await selectLocalWorkload(context, opened, { name: flags.name, kind });
    const environment = await selectEnvironment(context, opened, { name: flags.env, flag: "--env" });
    const operation = toOperationContext(context, opened, requireWorkspace(opened).root);
    const [spec] = loadSpecs(
      { manifests: [workload.manifest], application: opened.application.name, environment: environment.name },
      operation,
    );
    if (spec === undefined) throw new Error(`${workload.name} was read and is gone.`);
    const files = flags.uploadAssets ? "uploaded" : flags.diff ? "named" : "left-out";
    const assets = await gatherAssets(
      spec,
      { build: flags.uploadAssets, files, ...(flags.tag === undefined ? {} : { tag: flags.tag }) },
      operation,
    );
    if (flags.uploadAssets) await opened.session.uploadAssets?.(assets);
    const { session } = opened;
    const wanted = await session.packageWorkload(spec, assets, {
      extensions: await readExtensions(workloadExtensions(spec.name), operation),
      files,
      allowDowngrade: flags.allowDowngrade,
    });
    if (!flags.diff) {
      opened.progress.close();
      await writePackage(context, wanted, flags.outputDir);
      return 0;
    }
    const deployed = await session.deployedPackage(environment, spec.name);
    const comparison = await compareDeployed({ target: session.target, deployed, wanted }, context.terminal.out.style);
    return writeComparison(comparison, context.terminal);
  });
