import { runCdkProject, type CdkMachine } from "../../../overrides/cdk-project.ts";
import { readPatches, type Patch } from "../../../overrides/read-patches.ts";
import type { Overrides } from "../../target.ts";
import { acceptOrThrow } from "../accept-or-throw.ts";
import { writeTemplate } from "../cloudformation/write.ts";
import type { CompiledWorkload } from "../compile-workload.ts";
import type { CompiledStack } from "../compiled-stack.ts";
import { packageStack, type PackagedStack } from "../package-stack.ts";

/** A stack whose template a person may change. */
export interface OverriddenStack {
  readonly stack: CompiledStack | CompiledWorkload;
  readonly overrides: Overrides;
  readonly application: string;
  /** Unset for a pipeline. */
  readonly environment?: string;
  /** Absolute path of the workspace. */
  readonly root: string;
}

/** The files of a stack, changed as the person has it. Throws a `Problem` with the place of a patch that does not fit. */
export async function finishPackage(wanted: OverriddenStack, machine: CdkMachine): Promise<PackagedStack> {
  const { stack, overrides } = wanted;
  const packaged = acceptOrThrow("patch-does-not-fit", `change the template of ${stack.name}`, packageStack(stack, patchesOf(overrides)));
  if (overrides.kind !== "cdk") return packaged;
  const project = {
    directory: overrides.directory,
    workingDirectory: wanted.root,
    application: wanted.application,
    ...(wanted.environment === undefined ? {} : { environment: wanted.environment }),
  };
  return { ...packaged, template: writeTemplate(await runCdkProject(machine, project, packaged.template)) };
}

function patchesOf(overrides: Overrides): readonly Patch[] {
  if (overrides.kind !== "patches") return [];
  return acceptOrThrow("patches-invalid", `read ${overrides.file}`, readPatches(overrides.file, overrides.text));
}
