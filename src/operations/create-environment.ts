import { join } from "node:path";
import type { Environment } from "../model/application.ts";
import { nameProblem, type TargetName } from "../model/names.ts";
import { Problem } from "../model/problem.ts";
import type { Files } from "../platform/files.ts";
import { scaffoldEnvironmentManifest } from "../manifest/environment/scaffold.ts";
import { environmentManifestPath } from "../state/workspace.ts";
import type { Records } from "../targets/target.ts";

/** An environment that is registered now. */
export interface CreatedEnvironment {
  readonly environment: Environment;
  /** Path of its manifest from the workspace root; unset without a workspace. */
  readonly manifest?: { readonly path: string; readonly isNew: boolean };
}

/** Registers an environment and writes its manifest where none is. */
export async function createEnvironment(
  input: { readonly application: string; readonly name: string; readonly target: TargetName; readonly root: string | undefined },
  { records, files }: { readonly records: Records; readonly files: Files },
): Promise<CreatedEnvironment> {
  const { application, name, target, root } = input;
  const problem = nameProblem(name);
  if (problem !== undefined) throw new Problem("invalid-name", `name the environment ${JSON.stringify(name)}: ${problem}`);
  const environment = await records.putEnvironment({ application, name, target });
  if (root === undefined) return { environment };
  const path = environmentManifestPath(name);
  const written = await files.create(join(root, path), scaffoldEnvironmentManifest({ name }));
  return { environment, manifest: { path, isNew: written === "created" } };
}
