import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAddons, printAddonTemplate } from "../../src/addons/load-addons.ts";
import type { AddonOwner } from "../../src/addons/addon-parameters.ts";
import { loadEnvironment } from "../../src/manifest/environment/load.ts";
import type { WorkloadSpec } from "../../src/model/workload-spec.ts";
import { loadPipeline } from "../../src/pipelines/manifest.ts";
import { isJsonObject } from "../../src/targets/aws/cloudformation/json.ts";
import { readTemplate } from "../../src/targets/aws/cloudformation/read.ts";
import { writeTemplate } from "../../src/targets/aws/cloudformation/write.ts";
import { compileEnvironment } from "../../src/targets/aws/compile-environment.ts";
import { compilePipeline } from "../../src/targets/aws/compile-pipeline.ts";
import { compileWorkload } from "../../src/targets/aws/compile-workload.ts";
import { environmentFunctionNames } from "../../src/targets/aws/environment-facts.ts";
import type { EnvironmentFacts } from "../../src/targets/aws/environment-facts.ts";
import { packageStack } from "../../src/targets/aws/package-stack.ts";
import { overrideTaskDefinition } from "../../src/targets/aws/templates/workload/task-definition-overrides.ts";
import type { S3Location, WorkloadFacts } from "../../src/targets/aws/workload-facts.ts";
import { workloadFunctionNames } from "../../src/targets/aws/workload-facts.ts";
import { loadWorkload } from "../../src/workloads/load.ts";
import type { GoldenPipeline } from "./golden-pipelines.ts";
import { goldenPipelines } from "./golden-pipelines.ts";
import { goldenTaskDefinition, goldenTaskDefinitionOverrides } from "./golden-task-definitions.ts";
import type { GoldenWorkload } from "./golden-workloads.ts";
import { goldenWorkloads } from "./golden-workloads.ts";
import { Refused, renderOrRefuse, valueOf } from "./rendering.ts";
import type { RenderedFile } from "./rendering.ts";

/** Renders every golden case of `folder`, each under the golden file's own path. A case that is refused leaves its reason beside it. */
export const renderGoldens = (folder: string): readonly RenderedFile[] => {
  const read = (path: string): string => readFileSync(join(folder, path), "utf8");
  const environments = readdirSync(join(folder, "environments")).filter((name) => name.endsWith(".manifest.yml"));
  return [
    ...goldenWorkloads.flatMap((golden) => renderOrRefuse(golden.template, () => renderWorkload(golden, read))),
    ...renderOrRefuse("stacklocal/cf", () => renderStackLocal(read)),
    ...environments.flatMap((name) => {
      const path = `environments/${name.replace(".manifest.yml", ".yml")}`;
      return renderOrRefuse(path, () => renderEnvironment(`environments/${name}`, path, read));
    }),
    ...goldenPipelines.flatMap((golden) => renderOrRefuse(golden.template, () => renderPipeline(golden, read))),
    ...Object.keys(goldenTaskDefinitionOverrides).flatMap((path) => renderOrRefuse(path, () => [renderTaskDefinition(path, read)])),
    ...renderMerges(read),
  ];
};

type Read = (path: string) => string;

const codeOf = <Name extends string>(names: readonly Name[]) =>
  // `fromEntries` forgets which keys it was given.
  Object.fromEntries(names.map((name) => [name, { bucket: "bucket", key: `${name}.zip` }])) as Record<Name, S3Location>;

const goldenKey = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

function toWorkloadFacts(golden: GoldenWorkload, spec: WorkloadSpec): WorkloadFacts {
  // Goldens do not say what their certificates cover, so they cover what is asked of them.
  const names = ["example.com", ...(spec.http?.rules ?? []).flatMap(({ aliases }) => aliases.map(({ name }) => name))];
  const certificates = (arns: readonly string[] = []) => arns.map((arn) => ({ arn, names }));
  return {
    version: "v1.29.0",
    partition: "aws",
    region: golden.isNowhere === true ? "" : "us-west-2",
    account: golden.isNowhere === true ? "" : "123456789123",
    application: { account: "123456789123", ...(golden.domain === undefined ? {} : { domain: golden.domain }) },
    environment: {
      version: "v1.42.0",
      serviceDiscoveryEndpoint: golden.artifactKey === "" ? "" : `${golden.environment}.my-app.local`,
      certificates: { publicHttp: certificates(golden.publicCertificates), privateHttp: certificates(golden.privateCertificates) },
      cdn: false,
    },
    artifacts: { keyArn: golden.artifactKey ?? goldenKey },
    functions: codeOf(workloadFunctionNames),
    images: golden.images ?? {},
    envFileArns: {},
    ...(golden.loadBalancer === undefined ? {} : { importedLoadBalancer: golden.loadBalancer }),
    ...(golden.mapping === undefined ? {} : { siteMapping: golden.mapping }),
    tags: {},
    deploymentId: "00000000-0000-4000-8000-000000000000",
  };
}

function compileGolden(golden: GoldenWorkload, read: Read) {
  const spec = valueOf(
    loadWorkload({
      file: golden.manifest,
      text: read(golden.manifest),
      application: "my-app",
      environment: golden.environment,
      variables: { TAG: "cicdtest" },
      lenient: true,
    }),
  );
  const facts = toWorkloadFacts(golden, spec);
  return valueOf(compileWorkload(golden.lacksAlias === true ? withAlias(spec) : spec, facts));
}

/** A service in an environment with certificates must have an alias; a golden was made without this check. */
function withAlias(spec: WorkloadSpec): WorkloadSpec {
  if (spec.http === undefined) return spec;
  const [main, ...others] = spec.http.rules;
  return { ...spec, http: { ...spec.http, rules: [{ ...main, aliases: [{ name: "example.com" }] }, ...others] } };
}

function renderWorkload(golden: GoldenWorkload, read: Read): readonly RenderedFile[] {
  const { template, parameters } = valueOf(packageStack(compileGolden(golden, read), []));
  return [
    { path: golden.template, content: template },
    ...(golden.parameters === undefined ? [] : [{ path: golden.parameters, content: parameters }]),
  ];
}

/** Goldens of parts of a template: the resources that each golden names, as a template's `Resources` section has them. */
function renderStackLocal(read: Read): readonly RenderedFile[] {
  const golden: GoldenWorkload = {
    manifest: "stacklocal/manifest.yml",
    template: "stacklocal/cf.stack.yml",
    environment: "test",
    publicCertificates: ["mockCertARN"],
    lacksAlias: true,
    images: { "my-svc": "mockImageURL:latest" },
    isNowhere: true,
    artifactKey: "",
  };
  const stack = compileGolden(golden, read);
  const { parameters } = valueOf(packageStack(stack, []));
  const resources = isJsonObject(stack.document["Resources"]) ? stack.document["Resources"] : {};
  const part = (path: string): RenderedFile => {
    const wanted = Object.keys(readTemplate(read(path), path));
    return { path, content: writeTemplate(Object.fromEntries(wanted.map((id) => [id, resources[id]]))) };
  };
  return [
    part("stacklocal/autoscaling-svc-cf.yml"),
    part("stacklocal/override-cf.yml"),
    { path: "stacklocal/cf.params.json", content: parameters },
  ];
}

const goldenEnvironmentFacts: EnvironmentFacts = {
  partition: "aws",
  application: { account: "000000000" },
  artifacts: { name: "mockbucket", keyArn: "arn:aws:kms:us-west-2:000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab" },
  tags: {},
  version: "1.x",
  functions: codeOf(environmentFunctionNames),
  cloudFrontPrefixList: "pl-mockid",
  forceDeployId: "",
};

function renderEnvironment(manifest: string, path: string, read: Read): readonly RenderedFile[] {
  const text = read(manifest);
  const input = { file: manifest, text, application: "demo", environment: "test", variables: {}, lenient: true, trusting: true };
  const stack = compileEnvironment(valueOf(loadEnvironment(input)), goldenEnvironmentFacts);
  return [{ path, content: valueOf(packageStack(stack, [])).template }];
}

function renderPipeline(golden: GoldenPipeline, read: Read): readonly RenderedFile[] {
  const { manifest, manifestFile, facts, template: path } = golden;
  const written = manifestFile === undefined ? manifest : valueOf(loadPipeline(manifestFile, read(manifestFile)));
  const stack = compilePipeline({ ...manifest, source: written.source, build: written.build }, facts);
  return [{ path, content: valueOf(packageStack(stack, [])).template }];
}

function renderTaskDefinition(path: string, read: Read): RenderedFile {
  const original = readTemplate(read(goldenTaskDefinition), goldenTaskDefinition);
  const edited = overrideTaskDefinition(original, goldenTaskDefinitionOverrides[path] ?? []);
  if (!edited.ok) throw new Refused(edited.diagnostics.map(({ message }) => message).join("\n"));
  return { path, content: writeTemplate(edited.template) };
}

const mergeSections = ["conditions", "mappings", "metadata", "outputs", "parameters", "resources"];

/** The addon merges, and one refusal for each section that conflicts. */
export const refusedMerges: readonly string[] = mergeSections.map((section) => `addons/merge/invalid-${section}`);

function renderMerges(read: Read): readonly RenderedFile[] {
  const merge = (owner: AddonOwner, paths: readonly string[]) => {
    const files = paths.map((path) => ({ name: path.split("/").at(-1) ?? path, path, content: read(path) }));
    const addons = valueOf(loadAddons(owner, files));
    return addons === undefined ? "" : printAddonTemplate(addons);
  };
  const pair = (owner: AddonOwner, folder: string) => [
    { path: `${folder}/wanted.yaml`, content: merge(owner, [`${folder}/first.yaml`, `${folder}/second.yaml`]) },
  ];
  return [
    ...renderOrRefuse("addons/merge/wanted", () => pair("workload", "addons/merge")),
    ...renderOrRefuse("addons/merge/env/wanted", () => pair("environment", "addons/merge/env")),
    ...refusedMerges.flatMap((path) =>
      renderOrRefuse(path, () => [
        { path: `${path}.merged.yaml`, content: merge("workload", ["addons/merge/first.yaml", `${path}.yaml`]) },
      ]),
    ),
  ];
}
