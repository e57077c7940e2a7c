import { readEnvironmentManifest } from "../../../operations/deploy-environment.ts";
import { environmentExtensions, readAddons } from "../../../operations/read-extensions.ts";
import type { CommandRun } from "../../define.ts";
import { requireWorkspace, toOperationContext, withApplication } from "../../open-application.ts";
import { requireTemplates, writeOverrides } from "../../write-overrides.ts";
import { selectLocalEnvironment } from "./deploy.ts";
import type { flags } from "./override.command.ts";

/** Writes files with which a person changes the template of every environment. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.app }, async (opened) => {
    const { root } = requireWorkspace(opened);
    requireTemplates(opened.session, "environments");
    await writeOverrides(context, flags, {
      subject: "environments",
      noun: "env",
      root,
      folder: environmentExtensions.overrides,
      hasEnvironment: true,
      template: async () => {
        const environment = await selectLocalEnvironment(context, opened, flags.name);
        const operation = toOperationContext(context, opened, root);
        const manifest = await readEnvironmentManifest(environment, operation);
        const extensions = await readAddons(environmentExtensions, operation);
        return opened.session.packageEnvironment(environment, manifest, { extensions, allowDowngrade: true });
      },
    });
  });
