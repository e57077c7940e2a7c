import { readEnvironmentManifest } from "../../../operations/deploy-environment.ts";
import { environmentExtensions, readExtensions } from "../../../operations/read-extensions.ts";
import { tellingDifferences, writeComparison } from "../../compare-deployed.ts";
import type { CommandContext } from "../../context.ts";
import type { CommandRun, FlagValues } from "../../define.ts";
import { requireWorkspace, toOperationContext, withApplication } from "../../open-application.ts";
import { writePackage } from "../../write-package.ts";
import { compareEnvironment, selectLocalEnvironment } from "./deploy.ts";
import type { flags } from "./package.command.ts";

/** Prints or writes what an environment's deployment would apply. With `--diff`: 0 equal, 1 different, 2 not comparable. */
export const run: CommandRun<typeof flags> = ({ flags: given }, context) =>
  tellingDifferences(given.diff, () => packageEnvironment(given, context));

const packageEnvironment = (given: FlagValues<typeof flags>, context: CommandContext): Promise<number> =>
  withApplication(context, { app: given.app }, async (opened) => {
    const environment = await selectLocalEnvironment(context, opened, given.name);
    const operation = toOperationContext(context, opened, requireWorkspace(opened).root);
    const { allowDowngrade, force } = given;
    if (given.diff) {
      const comparison = await compareEnvironment(environment, operation, { style: context.terminal.out.style, allowDowngrade });
      return writeComparison(comparison, context.terminal);
    }
    const manifest = await readEnvironmentManifest(environment, operation);
    const extensions = await readExtensions(environmentExtensions, operation);
    const files = given.uploadAssets ? "uploaded" : "left-out";
    const wanted = await opened.session.packageEnvironment(environment, manifest, { extensions, files, allowDowngrade, force });
    opened.progress.close();
    await writePackage(context, wanted, given.outputDir);
    return 0;
  });
