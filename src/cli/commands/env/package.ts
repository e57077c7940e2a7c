import { readEnvironmentManifest } from "../../../operations/deploy-environment.ts";
import { renderDifference } from "../../../terminal/render-difference.ts";
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
    if (flags.diff) {
      const difference = await compareEnvironment(environment, operation);
      context.terminal.out.write(renderDifference(difference, context.terminal.out.style));
      return difference === undefined ? 0 : 1;
    }
    const manifest = await readEnvironmentManifest(environment, operation);
    await writePackage(context, await opened.session.packageEnvironment(environment, manifest), flags.outputDir);
    return 0;
  });
