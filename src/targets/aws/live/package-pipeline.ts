import { Problem } from "../../../model/problem.ts";
import type { PipelineSource, WorkloadPackage } from "../../target.ts";
import { compilePipeline } from "../compile-pipeline.ts";
import type { PipelineFacts } from "../pipeline-facts.ts";
import { templateVersion } from "../template-version.ts";
import { finishPackage } from "./finish-package.ts";
import type { LiveApplications } from "./live-application.ts";
import type { Packaging } from "./package-workload.ts";
import { requireApplication } from "./require-application.ts";

/** A pipeline as a CodePipeline stack. Throws a `Problem` when it does not fit its application. */
export async function packagePipeline(source: PipelineSource, { live, machine }: Packaging): Promise<WorkloadPackage> {
  const { application, manifest } = source;
  const facts = await readPipelineFacts(source, live);
  const { extensions } = source;
  const stack = compilePipeline(manifest, facts);
  const { template, parameters } = await finishPackage(
    { stack, overrides: extensions.overrides, application, root: extensions.root },
    machine,
  );
  return {
    files: [
      { name: `${manifest.name}.stack.yml`, content: template },
      { name: `${manifest.name}.params.json`, content: parameters },
    ],
    notices: [],
  };
}

async function readPipelineFacts(source: PipelineSource, live: LiveApplications): Promise<PipelineFacts> {
  const { application } = source;
  const [record, environments, resources, isLegacy, connectionArn] = await Promise.all([
    requireApplication(live, application),
    live.environments(application),
    live.allResources(application),
    isLegacyPipeline(source, live),
    connectionOf(source, live),
  ]);
  const { permissionsBoundary, tags } = record.application;
  return {
    application,
    version: templateVersion,
    isLegacy,
    folder: source.folder,
    workloads: source.workloads,
    artifactBuckets: resources.map(({ artifacts }) => artifacts),
    environments: Object.fromEntries(
      environments.map(({ environment, account, region, executionRoleArn, managerRoleArn }) => [
        environment.name,
        { account, region, executionRoleArn, managerRoleArn },
      ]),
    ),
    tags: tags ?? {},
    ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
    ...(connectionArn === undefined ? {} : { connectionArn }),
  };
}

/** The connection that the manifest names, if it names one. */
async function connectionOf({ manifest }: PipelineSource, { home }: LiveApplications): Promise<string | undefined> {
  const { connectionArn, connectionName: name } = manifest.source;
  if (name === undefined || connectionArn !== undefined) return connectionArn;
  const found = await (await home.connections()).arn(name);
  if (found !== undefined) return found;
  throw new Problem("connection-not-found", `compile the pipeline ${manifest.name}: ${home.region} has no connection named ${name}`, {
    hint: "correct source.properties.connection_name, or make the connection in the console of CodePipeline",
  });
}

/** Pipelines of before their stacks were named after the application have no tag of their own name. */
async function isLegacyPipeline({ application, manifest }: PipelineSource, { home }: LiveApplications): Promise<boolean> {
  const found = await (await home.tagged()).find("codepipeline:pipeline", { "copilot-application": application });
  return found.some(({ arn, tags }) => tags["copilot-pipeline"] === undefined && arn.endsWith(`:${manifest.name}`));
}
