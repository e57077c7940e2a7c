import { createHash } from "node:crypto";
import { dirname } from "node:path/posix";
import { loadAddons, printAddonTemplate } from "../../src/addons/load-addons.ts";
import type { Addons } from "../../src/addons/load-addons.ts";
import { loadEnvironment } from "../../src/manifest/environment/load.ts";
import type { EnvironmentSpec } from "../../src/model/environment-spec.ts";
import { PATCH_FILE, toOverrideKind } from "../../src/overrides/override-kind.ts";
import type { Patch } from "../../src/overrides/read-patches.ts";
import { readPatches } from "../../src/overrides/read-patches.ts";
import { loadPipeline } from "../../src/pipelines/manifest.ts";
import { toAddonsFacts } from "../../src/targets/aws/addons-facts.ts";
import { compileEnvironment } from "../../src/targets/aws/compile-environment.ts";
import { compilePipeline } from "../../src/targets/aws/compile-pipeline.ts";
import { compileWorkload } from "../../src/targets/aws/compile-workload.ts";
import { packageStack } from "../../src/targets/aws/package-stack.ts";
import { loadWorkload } from "../../src/workloads/load.ts";
import { artifactUrl, environmentFacts, pipelineFacts, workloadFacts } from "./account-facts.ts";
import type { EnvironmentInputs, WorkspaceInputs } from "./inputs.ts";
import { requireNames } from "./require-names.ts";
import { Refused, renderOrRefuse, valueOf } from "./rendering.ts";
import type { RenderedFile } from "./rendering.ts";
import type { WorkspaceFiles } from "./workspace-files.ts";

/** Packages every environment, workload and pipeline of a workspace, under the paths that its `expected` folder has. */
export function renderWorkspace(inputs: WorkspaceInputs, files: WorkspaceFiles): readonly RenderedFile[] {
  const packaged = inputs.environments.filter((environment) => environment.packaged);
  return [
    ...packaged.flatMap((environment) => renderEnvironment({ inputs, files, environment, uploads: false })),
    ...packaged.slice(0, 1).flatMap((environment) => renderEnvironment({ inputs, files, environment, uploads: true })),
    ...inputs.pipelines.flatMap((pipeline) => renderOrRefuse(`pipelines/${pipeline.name}`, () => renderPipeline(inputs, files, pipeline))),
  ];
}

/** What is packaged for an environment. */
export interface Packaging {
  readonly inputs: WorkspaceInputs;
  readonly files: WorkspaceFiles;
  readonly environment: EnvironmentInputs;
  /** With `--upload-assets`. */
  readonly uploads: boolean;
}

type Workload = WorkspaceInputs["workloads"][number];

function renderEnvironment(packaging: Packaging): readonly RenderedFile[] {
  const path = `${folderOf(packaging)}/environment`;
  return [
    ...renderOrRefuse(path, () => renderEnvironmentStack(packaging, path)),
    ...packaging.inputs.workloads.flatMap((workload) =>
      renderOrRefuse(workloadPath(packaging, workload), () => {
        requireNames(packaging.inputs, packaging.files);
        return renderWorkloadStack(packaging, workload);
      }),
    ),
  ];
}

const folderOf = ({ environment, uploads }: Packaging): string => (uploads ? `${environment.name}/uploaded` : environment.name);

/** Packages one workload, as `svc package` and `job package` do. */
export function renderWorkload(packaging: Packaging, workload: Workload): readonly RenderedFile[] {
  return renderOrRefuse(workloadPath(packaging, workload), () => renderWorkloadStack(packaging, workload));
}

const workloadPath = (packaging: Packaging, { name }: Workload): string => `${folderOf(packaging)}/${name}`;

function textAt(files: WorkspaceFiles, path: string): string {
  const text = files.text(path);
  if (text === undefined) throw new Refused(`${path} cannot be read: there is no such file`);
  return text;
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

const patchesIn = (files: WorkspaceFiles, folder: string): readonly Patch[] => {
  const file = `${folder}/${PATCH_FILE}`;
  const text = files.text(file);
  if (text !== undefined) return valueOf(readPatches(file, text));
  const names = files.folder(folder).map(({ name }) => name);
  if (names.length > 0 && toOverrideKind(names) === "none") throw new Refused(`${folder} has no overrides: ${names.join(", ")} are none`);
  return [];
};

const addonsFiles = (addons: Addons | undefined, path: string): readonly RenderedFile[] =>
  addons === undefined ? [] : [{ path: `${path}.addons.yml`, content: printAddonTemplate(addons) }];

function environmentSpec({ inputs, files, environment }: Packaging): EnvironmentSpec {
  return valueOf(
    loadEnvironment({
      file: environment.manifest,
      text: textAt(files, environment.manifest),
      application: inputs.application,
      environment: environment.name,
      variables: inputs.shellVariables,
      lenient: true,
    }),
  );
}

function renderEnvironmentStack(packaging: Packaging, path: string): readonly RenderedFile[] {
  const { inputs, files, environment } = packaging;
  const spec = environmentSpec(packaging);
  const addons = valueOf(loadAddons("environment", files.folder("copilot/environments/addons")));
  const addonsStack =
    addons === undefined
      ? undefined
      : {
          templateUrl: artifactUrl(inputs, environment, `manual/addons/environments/${hashOf(printAddonTemplate(addons))}.yml`),
          parameters: addons.parameters,
        };
  const stack = compileEnvironment(spec, environmentFacts(inputs, environment, addonsStack));
  const { template, parameters } = valueOf(packageStack(stack, patchesIn(files, "copilot/environments/overrides")));
  return [
    { path: `${path}.stack.yml`, content: template },
    { path: `${path}.params.json`, content: parameters },
    ...addonsFiles(addons, path),
  ];
}

function renderWorkloadStack(packaging: Packaging, workload: Workload): readonly RenderedFile[] {
  const { inputs, files, environment, uploads } = packaging;
  const path = workloadPath(packaging, workload);
  const { manifest } = workload;
  const folder = dirname(manifest);
  const spec = valueOf(
    loadWorkload({
      file: manifest,
      text: textAt(files, manifest),
      application: inputs.application,
      environment: environment.name,
      variables: inputs.shellVariables,
      lenient: true,
      readText: files.text,
    }),
  );
  const addons = valueOf(loadAddons("workload", files.folder(`${folder}/addons`)));
  const url = addons === undefined || !uploads ? "" : `manual/addons/${spec.name}/${hashOf(printAddonTemplate(addons))}.yml`;
  const addonsFacts = addons === undefined ? undefined : toAddonsFacts(addons, url === "" ? "" : artifactUrl(inputs, environment, url));
  const deployed = deployedEnvironment(packaging);
  const facts = workloadFacts(spec, { inputs, environment, deployed, addons: addonsFacts, uploads });
  const stack = valueOf(compileWorkload(spec, facts));
  const { template, parameters } = valueOf(packageStack(stack, patchesIn(files, `${folder}/overrides`)));
  return [
    { path: `${path}.stack.yml`, content: template },
    { path: `${path}.params.json`, content: parameters },
    ...addonsFiles(addons, path),
  ];
}

/** Workloads are packaged against the environment that is deployed, which may be another than its manifest asks for. */
function deployedEnvironment(packaging: Packaging): EnvironmentSpec {
  const { inputs, environment } = packaging;
  if (!environment.deployedBare) return environmentSpec(packaging);
  return valueOf(
    loadEnvironment({
      file: environment.manifest,
      text: `name: ${environment.name}\ntype: Environment\n`,
      application: inputs.application,
      environment: environment.name,
      variables: {},
    }),
  );
}

function renderPipeline(inputs: WorkspaceInputs, files: WorkspaceFiles, pipeline: WorkspaceInputs["pipelines"][number]) {
  requireNames(inputs, files);
  const manifest = valueOf(loadPipeline(pipeline.manifest, textAt(files, pipeline.manifest), { lenient: true }));
  const facts = pipelineFacts(inputs, dirname(pipeline.manifest), manifest.source.connectionName);
  const patches = patchesIn(files, `copilot/pipelines/${pipeline.name}/overrides`);
  const { template } = valueOf(packageStack(compilePipeline(manifest, facts), patches));
  return [{ path: `pipelines/${pipeline.name}.stack.yml`, content: template }];
}
