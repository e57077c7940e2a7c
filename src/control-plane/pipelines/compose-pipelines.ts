import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { Hono } from "hono";
import { Problem } from "../../model/problem.ts";
import { deployEnvironment } from "../api/record-routes.ts";
import type { Services } from "../api/services.ts";
import type { Discovery } from "../discovery/discovery.ts";
import { labelNames } from "../object-names.ts";
import { findEnvironment, findWorkload } from "../state/state.ts";
import { applicationSecrets, resolveBuildSecrets } from "./build/build-secrets.ts";
import { createEngineWire } from "./build/engine-wire.ts";
import { removeLeftovers } from "./build/run-build.ts";
import { artifactFile, ExecutionStore } from "./execution-store.ts";
import { createGit } from "./git/git.ts";
import { gitRoutes } from "./git-routes.ts";
import { buildArtifact, performBuild, type BuildDependencies } from "./perform-build.ts";
import { performDeploy, rollBackStage, type DeployDependencies } from "./perform-deploy.ts";
import { performSource } from "./perform-source.ts";
import type { Performer } from "./performer.ts";
import { pipelineRoutes } from "./pipeline-routes.ts";
import { Pipelines } from "./pipelines.ts";
import { readArchive } from "./read-archive.ts";

/** The pipelines of a control plane, as the rest of it sees them. */
export interface PipelineModule {
  /** Below `/v1`. */
  readonly routes: Hono;
  /** Beside the API. */
  readonly openRoutes: Hono;
  start(): Promise<void>;
  close(): Promise<void>;
  removeApplication(application: string): Promise<void>;
  /** Archives of sites that executions under way are going to deploy. */
  sitesInUse(): Promise<readonly string[]>;
}

/** What pipelines take from the control plane that they are a part of. */
export interface PipelineModuleParts {
  readonly services: Services;
  readonly discovery: Discovery;
  /** Answers a call of the API that carries the token. */
  readonly fetch: (request: Request) => Promise<Response> | Response;
}

/** Actions that may run at once; more would only make each of them slower. */
const concurrency = 8;

/** Milliseconds between two looks at sources elsewhere. */
const pollInterval = 60_000;

/** Puts the parts of pipelines together. */
export function composePipelines(parts: PipelineModuleParts): PipelineModule {
  const { services } = parts;
  const { settings, store, secrets, token } = services;
  const executions = new ExecutionStore(join(settings.stateDirectory, "pipelines"));
  const git = createGit(process.env);
  const readSecret = async (application: string, names: readonly string[]): Promise<string | undefined> => {
    const environments = Object.keys(store.state.applications[application]?.environments ?? {});
    for (const name of names) {
      const variable = { variable: "VALUE", store: "parameter-store", reference: name } as const;
      const found = await resolveBuildSecrets([variable], { application, environments }, secrets).catch(() => undefined);
      if (found?.["VALUE"] !== undefined) return found["VALUE"];
    }
    return undefined;
  };
  const pipelines: Pipelines = new Pipelines({
    store: executions,
    git,
    performer: createPerformer(parts, executions, (application) => pipelines.repository(application)),
    now: () => new Date(services.now()),
    warn: services.warn,
    concurrency,
    pollInterval,
    secret: readSecret,
    fetch: globalThis.fetch,
  });
  return {
    routes: pipelineRoutes({
      pipelines,
      folder: (key, number) => executions.executionFolder(key, number),
      deployed: (key) => findWorkload(store.state, key)?.current?.document,
      putSecret: async (application, name, secret) =>
        void (await secrets.put({ application, environment: applicationSecrets }, name, secret)),
      checkPlace: (application, environments) => checkPlace(services, application, environments),
    }),
    openRoutes: gitRoutes({
      pipelines,
      git,
      token,
      hasApplication: (name) => store.state.applications[name] !== undefined,
      webhookSecret: (application, pipeline) => readSecret(application, [`${pipeline}-webhook`]),
    }),
    async start() {
      await removeBuilds(services);
      await pipelines.start();
    },
    close: () => pipelines.close(),
    async sitesInUse() {
      const folders = pipelines.runner
        .states()
        .map(({ pipeline, number }) => executions.executionFolder({ application: pipeline.application, name: pipeline.name }, number));
      return (await Promise.all(folders.map(sitesIn))).flat();
    },
    async removeApplication(application) {
      await pipelines.removeApplication(application, "a deletion");
      await secrets.removeAll({ application, environment: applicationSecrets });
    },
  };
}

/** Archives of sites that the documents of a build refer to. */
async function sitesIn(folder: string): Promise<readonly string[]> {
  const artifacts: string[] = [];
  try {
    for await (const { content } of readArchive(createReadStream(artifactFile(folder, buildArtifact))))
      artifacts.push(...[...content.matchAll(/"artifact":\s*"([0-9a-f]{64})"/g)].map(([, artifact = ""]) => artifact));
  } catch {
    // An execution that has not built yet has no documents.
  }
  return artifacts;
}

function checkPlace({ store }: Services, application: string, environments: readonly string[]): void {
  const known = store.state.applications[application];
  if (known === undefined)
    throw new Problem("application-not-found", `There is no application ${application} on this engine`, { hint: "copilot app ls" });
  const missing = environments.find((environment) => known.environments[environment] === undefined);
  if (missing === undefined) return;
  throw new Problem(
    "environment-not-found",
    `The pipeline cannot deploy to ${missing}: application ${application} has no such environment`,
    {
      hint: `copilot env init --app ${application} --name ${missing}`,
    },
  );
}

/** Takes away the containers of builds that a former control plane had begun: they are begun again. */
async function removeBuilds({ engine, settings }: Services): Promise<void> {
  const containers = await engine.listContainers({ [labelNames.instance]: settings.instance, [labelNames.role]: "build" });
  for (const container of containers) {
    await engine.removeContainer(container.id);
    const build = container.labels["copilot.build-id"];
    if (build !== undefined) await removeLeftovers(engine, build);
  }
}

function createPerformer(
  parts: PipelineModuleParts,
  executions: ExecutionStore,
  repository: (application: string) => ReturnType<Pipelines["repository"]>,
): Performer {
  const deploy = toDeployDependencies(parts.services);
  return {
    async perform(request) {
      const { pipeline } = request.execution;
      switch (request.action.work.kind) {
        case "source":
          return performSource(request, repository(pipeline.application));
        case "build": {
          const key = { application: pipeline.application, name: pipeline.name };
          const images = (await executions.definition(key))?.images ?? {};
          return performBuild(
            request,
            repository(pipeline.application),
            toBuildDependencies(parts, images, join(executions.pipelineFolder(key), "cache")),
          );
        }
        case "deploy":
          return performDeploy(request, deploy);
        case "approval":
          throw new Error("An approval is waited for, not performed.");
      }
    },
    rollBack: (request) => rollBackStage(request, deploy),
  };
}

function toBuildDependencies(
  { services, discovery, fetch }: PipelineModuleParts,
  images: Readonly<Record<string, string>>,
  cacheFolder: string,
): BuildDependencies {
  const { engine, settings, secrets, token, now } = services;
  return {
    engine,
    wire: createEngineWire(settings.engineSocket),
    engineSocket: settings.engineSocket,
    instance: settings.instance,
    token,
    fetch,
    secrets,
    now: () => new Date(now()),
    images,
    cacheFolder,
    network: async (application, environment) => {
      const { networkName, dnsAddress } = await discovery.ensureEnvironmentNetwork(application, environment);
      return { name: networkName, nameServer: dnsAddress };
    },
  };
}

function toDeployDependencies(services: Services): DeployDependencies {
  const { store, deployments } = services;
  return {
    deployWorkload: (key, request, signal) => deployments.deploy(key, request).listen(signal),
    deployEnvironment({ document }) {
      const known = findEnvironment(store.state, { application: document.application, environment: document.environment });
      if (known === undefined)
        throw new Problem(
          "environment-not-found",
          `Application ${document.application} has no environment ${document.environment} on this engine`,
        );
      return deployEnvironment(services, known, { document }).listen();
    },
    cancelWorkload: (key) => void deployments.cancel(key),
    releases: (key) => findWorkload(store.state, key)?.releases ?? [],
    earlierDocument(key, revision) {
      const state = findWorkload(store.state, key);
      const versions = [...(state?.earlier ?? []), ...(state?.current === undefined ? [] : [state.current])];
      return versions.find((version) => version.revision === revision)?.document;
    },
    async registerWorkload({ application, workload, type }) {
      if (store.state.applications[application]?.workloads[workload] !== undefined) return;
      await store.record({ type: "workload-put", workload: { application, name: workload, type } });
    },
  };
}
