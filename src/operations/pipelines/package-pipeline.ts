import { join, resolve } from "node:path";
import { Problem } from "../../model/problem.ts";
import type { Environment } from "../../model/application.ts";
import type { Action, Pipeline } from "../../model/pipeline.ts";
import { environmentManifestPath } from "../../state/workspace.ts";
import type { LocalWorkload } from "../local-workloads.ts";
import { gatherAssets } from "../gather-assets.ts";
import { loadSpecs } from "../load-specs.ts";
import type { OperationContext } from "../operation-context.ts";

/** A file of a pipeline's build: what a stage deploys. */
export interface PackagedFile {
  /** Relative to the root of the build. */
  readonly path: string;
  readonly content: string;
}

/** What is packaged and how. */
export interface PackagePipelineInput {
  readonly pipeline: Pipeline;
  readonly workloads: readonly LocalWorkload[];
  readonly environments: readonly Environment[];
  /** Folder of the templates; a template path of the manifest is taken as it is. */
  readonly outputDirectory: string;
  readonly build: boolean;
  readonly tag?: string;
}

type Deployment = Extract<Action["work"], { kind: "deploy" }>;

/** Everything that the stages of a pipeline deploy. An image is built once, whatever number of environments takes it. */
export async function packagePipeline(input: PackagePipelineInput, context: OperationContext): Promise<readonly PackagedFile[]> {
  const deployments = input.pipeline.stages.flatMap(({ actions }) => actions.flatMap(({ work }) => (work.kind === "deploy" ? [work] : [])));
  const files: PackagedFile[] = [];
  for (const deployment of deployments) files.push(...(await packageDeployment(deployment, input, context)));
  return files;
}

async function packageDeployment(
  deployment: Deployment,
  input: PackagePipelineInput,
  context: OperationContext,
): Promise<readonly PackagedFile[]> {
  const environment = input.environments.find(({ name }) => name === deployment.environment);
  if (environment === undefined) {
    throw new Problem(
      "environment-not-found",
      `package for ${deployment.environment}: ${input.pipeline.application} has no such environment`,
      {
        hint: `run \`copilot env init --name ${deployment.environment}\``,
      },
    );
  }
  const place = (path: string): string => path.replace(/^infrastructure\//, `${input.outputDirectory}/`);
  const packaged =
    deployment.subject === "environment"
      ? await packageEnvironment(environment, context)
      : await packageWorkload(deployment, input, context);
  if (packaged === undefined) return [];
  const [main, parameters] = packaged.files;
  return [
    { path: place(deployment.templatePath), content: main.content },
    ...(parameters === undefined ? [] : [{ path: place(deployment.templateConfig), content: parameters.content }]),
  ];
}

async function packageEnvironment(environment: Environment, context: OperationContext) {
  const manifest = await context.files.readText(join(context.root, environmentManifestPath(environment.name)));
  return context.session.packageEnvironment(environment, manifest ?? `name: ${environment.name}\ntype: Environment\n`);
}

/** A deployment whose template somebody else writes has no manifest here. */
async function packageWorkload(deployment: Deployment, input: PackagePipelineInput, context: OperationContext) {
  const workload = input.workloads.find(({ name }) => name === deployment.name);
  if (workload === undefined) return undefined;
  const [spec] = loadSpecs(
    { manifests: [workload.manifest], application: input.pipeline.application, environment: deployment.environment },
    context,
  );
  if (spec === undefined) return undefined;
  const assets = await gatherAssets(spec, { build: input.build, ...(input.tag === undefined ? {} : { tag: input.tag }) }, context);
  if (input.build) await context.session.uploadAssets?.(assets);
  return context.session.packageWorkload(spec, assets);
}

/** Writes the files below a folder. */
export async function writePackagedFiles(
  files: readonly PackagedFile[],
  root: string,
  context: Pick<OperationContext, "files">,
): Promise<void> {
  await Promise.all(files.map(({ path, content }) => context.files.write(resolve(root, path), content)));
}
