import { readEnvironmentManifest } from "../../../operations/deploy-environment.ts";
import { environmentExtensions, readExtensions } from "../../../operations/read-extensions.ts";
import { diffExitCode } from "../../compare-deployed.ts";
import type { CommandRun } from "../../define.ts";
import { requireWorkspace, toOperationContext, withApplication } from "../../open-application.ts";
import { writePackage } from "../../write-package.ts";
import { compareEnvironment, selectLocalEnvironment } from "./deploy.ts";
import type { flags } from "./package.command.ts";

/** Prints or writes what an environment's deployment would apply. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.app }, async (opened) => {
    const environment = await selectLocalEnvironment(context, opened, flags.name);
    const operation = toOperationContext(context, opened, requireWorkspace(opened).root);
    const { allowDowngrade, force } = flags;
    const { out, err } = context.terminal;
    if (flags.diff)
      return diffExitCode(() => compareEnvironment(environment, operation, { style: out.style, allowDowngrade }), {
        out: out.write,
        err: err.write,
      });
    const manifest = await readEnvironmentManifest(environment, operation);
    const extensions = await readExtensions(environmentExtensions, operation.root, context.files);
    const files = flags.uploadAssets ? "uploaded" : "left-out";
    const wanted = await opened.session.packageEnvironment(environment, manifest, { extensions, files, allowDowngrade, force });
    opened.progress.close();
    await writePackage(context, wanted, flags.outputDir);
    return 0;
  });
