import { join } from "node:path";
import type { Environment } from "../model/application.ts";
import { Problem } from "../model/problem.ts";
import { loadEnvironment } from "../manifest/environment/load.ts";
import { environmentManifestPath } from "../state/workspace.ts";
import { userName } from "./deploy-workloads.ts";
import { follow, type FollowedOutcome } from "./follow.ts";
import { readsLeniently, toSentence } from "./load-specs.ts";
import type { OperationContext } from "./operation-context.ts";
import { environmentExtensions } from "./read-extensions.ts";
import { tellUnused } from "./unused-extensions.ts";

/** The manifest of an environment, checked: its text with variables filled in as it will be kept. */
export async function readEnvironmentManifest(environment: Environment, context: OperationContext): Promise<string> {
  const path = environmentManifestPath(environment.name);
  const text = await context.files.readText(join(context.root, path));
  if (text === undefined)
    throw new Problem("environment-manifest-missing", `read the manifest of ${environment.name}: ${path} is not there`, {
      hint: `run \`copilot env show --name ${environment.name} --manifest\` and write what it prints to ${path}`,
    });
  const loaded = loadEnvironment({
    file: path,
    text,
    application: environment.application,
    environment: environment.name,
    variables: context.variables,
    lenient: readsLeniently(context.session),
  });
  if (!loaded.ok) {
    const errors = loaded.diagnostics.filter(({ severity }) => severity === "error").length;
    throw new Problem("manifest-invalid", `read the manifest of ${environment.name}: ${errors} ${errors === 1 ? "error" : "errors"}`, {
      diagnostics: loaded.diagnostics,
    });
  }
  for (const warning of loaded.warnings) context.tell({ type: "notice", level: "warning", message: toSentence(warning) });
  return text;
}

/** Deploys an environment by its manifest in the workspace. */
export async function deployEnvironment(
  input: { readonly environment: Environment; readonly force?: boolean; readonly noRollback?: boolean; readonly detach?: boolean },
  context: OperationContext,
): Promise<FollowedOutcome> {
  const { environment } = input;
  const manifest = await readEnvironmentManifest(environment, context);
  await tellUnused([environmentExtensions], context);
  const events = context.session.deployEnvironment(environment, manifest, {
    user: userName(context.variables),
    signal: context.signal,
    ...(input.force === true ? { force: true } : {}),
    ...(input.noRollback === true ? { noRollback: true } : {}),
    ...(input.detach === true ? { detach: true } : {}),
  });
  return follow({ id: `environment-${environment.name}`, title: `Deploy environment ${environment.name}` }, events, {
    ...context,
    detached: input.detach === true,
  });
}
