import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Action } from "../../model/pipeline.ts";
import { Problem } from "../../model/problem.ts";
import type { BuildResult } from "../../pipelines/agent/build-job.ts";
import { buildspecOfCommands, type Buildspec, type CacheSet } from "../../pipelines/buildspec/buildspec.ts";
import { readBuildspec } from "../../pipelines/buildspec/read-buildspec.ts";
import { addTests, noTests, readJunit, type TestSummary } from "../../pipelines/junit.ts";
import { actionState } from "../../pipelines/execution/state.ts";
import type { Engine } from "../engine/engine.ts";
import { EngineError } from "../engine/engine.ts";
import { namePrefix } from "../../targets/docker/instance-names.ts";
import { maskValues } from "../secrets/secret-store.ts";
import { createApiGate } from "./build/api-gate.ts";
import { resolveBuildSecrets, type BuildSecretSource } from "./build/build-secrets.ts";
import { buildUuid, buildVariables, type BuildSetting } from "./build/build-variables.ts";
import { createEngineGate } from "./build/engine-gate.ts";
import type { EngineWire } from "./build/engine-wire.ts";
import { runBuild } from "./build/run-build.ts";
import { ensureToolsVolume } from "./build/tools.ts";
import { artifactFile } from "./execution-store.ts";
import type { Repository } from "./git/repository.ts";
import { keepStream, sourceArtifact } from "./perform-source.ts";
import type { PerformRequest, PerformResult } from "./performer.ts";
import { readArchive } from "./read-archive.ts";

/** Name of the artifact that the build stage hands to deployments. */
export const buildArtifact = "BuildOutput";

/** What a build is run with. */
export interface BuildDependencies {
  readonly engine: Engine;
  readonly wire: EngineWire;
  readonly engineSocket: string;
  readonly instance: string;
  readonly token: string;
  readonly fetch: (request: Request) => Promise<Response> | Response;
  readonly secrets: BuildSecretSource;
  readonly now: () => Date;
  /** Images of a pipeline by the names that manifests have for them. */
  readonly images: Readonly<Record<string, string>>;
  /** Folder of the pipeline's caches. */
  readonly cacheFolder: string;
  /** The network of an environment, which its builds join. */
  readonly network: (application: string, environment: string) => Promise<{ readonly name: string; readonly nameServer: string }>;
}

/** Runs a buildspec of the source in a container and keeps what it made. */
export async function performBuild(
  request: PerformRequest,
  repository: Repository,
  dependencies: BuildDependencies,
): Promise<PerformResult> {
  const { execution, action, stage } = request;
  if (action.work.kind !== "build") throw new Error(`${action.name} is no build.`);
  const { buildspec, notices } = await findBuildspec(action, execution.trigger.commit, repository);
  for (const notice of notices) request.log(`Notice: ${notice}`);
  const attempt = actionState(execution, { stage: stage.name, action: action.name })?.attempts ?? 1;
  const setting: BuildSetting = { execution, stage: stage.name, action, attempt, now: dependencies.now() };
  const environments =
    action.work.environment === undefined
      ? execution.pipeline.stages.flatMap(({ environment }) => (environment === undefined ? [] : [environment]))
      : [action.work.environment];
  const secrets = await resolveBuildSecrets(
    buildspec.secrets,
    { application: execution.pipeline.application, environments },
    dependencies.secrets,
  );
  const collected = new Collected();
  const result = await start(request, { buildspec, setting, secrets, collected }, dependencies);
  return toResult(result, collected.tests, notices, Object.values(secrets));
}

interface Prepared {
  readonly buildspec: Buildspec;
  readonly setting: BuildSetting;
  readonly secrets: Readonly<Record<string, string>>;
  readonly collected: Collected;
}

async function start(request: PerformRequest, prepared: Prepared, dependencies: BuildDependencies): Promise<BuildResult> {
  const { buildspec, setting, secrets, collected } = prepared;
  const { execution, action } = request;
  const { engine, instance } = dependencies;
  const { application } = execution.pipeline;
  const toolsImage = dependencies.images["tools"] ?? "copilot/platform:build-tools";
  const [image, toolsVolume, network] = await Promise.all([
    ensureImage(engine, toImage(action, dependencies.images)),
    ensureToolsVolume(engine, instance, toolsImage),
    action.work.kind === "build" && action.work.environment !== undefined
      ? dependencies.network(application, action.work.environment)
      : undefined,
  ]);
  const id = buildUuid(setting);
  const mask = (text: string): string =>
    execution.pipeline.stages.reduce(
      (masked, { environment }) => (environment === undefined ? masked : dependencies.secrets.mask({ application, environment }, masked)),
      maskValues(Object.values(secrets), text),
    );
  const cache = buildspec.cache?.restore === true ? await findCache(dependencies.cacheFolder, buildspec.cache) : undefined;
  return runBuild(
    {
      id,
      name: `${namePrefix(instance)}-build-${id}`,
      image,
      toolsVolume,
      job: { buildspec, environment: { ...buildVariables(setting), ...buildspec.variables, ...secrets } },
      archives: [
        () => createReadStream(artifactFile(request.folder, sourceArtifact)),
        ...(cache === undefined ? [] : [() => createReadStream(cache)]),
      ],
      ...(network === undefined ? {} : { network }),
      onLine: (text) => request.log(mask(text)),
      onArchive: (label, archive) => keepArchive(label, archive, { request, buildspec, collected, cacheFolder: dependencies.cacheFolder }),
      signal: request.signal,
    },
    {
      engine,
      wire: dependencies.wire,
      instance,
      engineGate: createEngineGate({
        socketPath: dependencies.engineSocket,
        build: id,
        scope: { application, networks: network === undefined ? [] : [network.name] },
      }),
      apiGate: createApiGate({ application, token: dependencies.token, fetch: dependencies.fetch }),
    },
  );
}

/** What the archives of reports added up to. */
class Collected {
  tests: TestSummary | undefined;

  add(summary: TestSummary): void {
    this.tests = addTests(this.tests ?? noTests, summary);
  }
}

async function findBuildspec(
  action: Action,
  commit: string,
  repository: Repository,
): Promise<{ readonly buildspec: Buildspec; readonly notices: readonly string[] }> {
  if (action.work.kind !== "build") throw new Error(`${action.name} is no build.`);
  const source = action.work.buildspec;
  if (source.kind === "commands") return { buildspec: buildspecOfCommands(source.commands), notices: [] };
  const text = await repository.readFile(commit, source.path);
  if (text === undefined) {
    throw new Problem("buildspec-missing", `The build cannot start: commit ${commit.slice(0, 12)} has no file ${source.path}`, {
      hint: "git add copilot/ && git commit && git push",
    });
  }
  const read = readBuildspec(source.path, text);
  if (read.ok) return { buildspec: read.value, notices: read.warnings.map(toSentence) };
  const [first, ...rest] = read.diagnostics.filter(({ severity }) => severity === "error").map(toSentence);
  throw new Problem(
    "buildspec-invalid",
    `The build cannot start: ${first ?? source.path}${rest.length > 0 ? ` (and ${rest.length} more)` : ""}`,
  );
}

const toSentence = ({ message, at, hint }: Diagnostic): string =>
  `${at === undefined ? "" : `${at.file}:${at.line}: `}${message}${hint === undefined ? "" : ` ${hint}`}`;

function toImage(action: Action, images: Readonly<Record<string, string>>): string {
  const name = action.work.kind === "build" ? action.work.image : "";
  const mapped = images[name] ?? (name.startsWith("aws/codebuild/") ? images["default"] : name);
  if (mapped !== undefined && mapped !== "") return mapped;
  throw new Problem("build-image-missing", `The build cannot start: no image stands in for ${name}`, { hint: "copilot pipeline deploy" });
}

async function ensureImage(engine: Engine, reference: string): Promise<string> {
  if ((await engine.inspectImage(reference)) !== undefined) return reference;
  try {
    await engine.pullImage(reference);
    return reference;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new Problem(
      "build-image-missing",
      `The build cannot start: the engine does not have the image ${reference} and cannot pull it: ${error.message}`,
      {
        hint: `docker pull ${reference}`,
        cause: error,
      },
    );
  }
}

interface KeepPlace {
  readonly request: PerformRequest;
  readonly buildspec: Buildspec;
  readonly collected: Collected;
  readonly cacheFolder: string;
}

/** Keeps an archive of a build: an artifact for later actions, a report's numbers, the cache for the next build. */
async function keepArchive(label: string, archive: Readable, { request, buildspec, collected, cacheFolder }: KeepPlace): Promise<void> {
  const slash = label.indexOf("/");
  const [kind, name] = slash < 0 ? [label, ""] : [label.slice(0, slash), label.slice(slash + 1)];
  if (kind === "artifact") {
    const main = request.stage.name === "Build" ? buildArtifact : `${request.stage.name}.${request.action.name}`;
    await keepStream(archive, artifactFile(request.folder, name === "" ? main : `${main}.${name}`));
  } else if (kind === "cache") await keepStream(archive, cacheFile(cacheFolder, buildspec.cache?.key ?? "default"));
  else if (kind === "report") await readReport(name, archive, { request, buildspec, collected, cacheFolder });
  else archive.resume();
}

async function readReport(name: string, archive: Readable, { request, buildspec, collected }: KeepPlace): Promise<void> {
  const format = buildspec.reports.find((report) => report.name === name)?.format ?? "JUNITXML";
  for await (const file of readArchive(archive)) {
    const summary = format === "JUNITXML" ? readJunit(file.content) : undefined;
    if (summary === undefined)
      request.log(`Report ${name}: ${file.name} is not read: ${format === "JUNITXML" ? "it is no JUnit XML" : `its format is ${format}`}`);
    else {
      collected.add(summary);
      request.log(`Report ${name}: ${summary.passed} passed, ${summary.failed} failed, ${summary.skipped} skipped`);
      for (const failure of summary.failures.slice(0, 20)) request.log(`  failed: ${failure}`);
    }
  }
}

const cacheFile = (folder: string, key: string): string => join(folder, `${encodeURIComponent(key)}.tar`);

/** The cache of the key, else the newest whose key begins with a fallback. */
async function findCache(folder: string, cache: CacheSet): Promise<string | undefined> {
  const names: readonly string[] = await readdir(folder).catch((): string[] => []);
  const exact = `${encodeURIComponent(cache.key)}.tar`;
  if (names.includes(exact)) return join(folder, exact);
  for (const fallback of cache.fallbackKeys) {
    const files = names
      .filter((name) => name.endsWith(".tar") && name.startsWith(encodeURIComponent(fallback)))
      .map((name) => join(folder, name));
    const dated = await Promise.all(files.map(async (file) => ({ file, at: (await stat(file)).mtimeMs })));
    const newest = dated.toSorted((a, b) => b.at - a.at)[0];
    if (newest !== undefined) return newest.file;
  }
  return undefined;
}

function toResult(
  result: BuildResult,
  tests: TestSummary | undefined,
  notices: readonly string[],
  secrets: readonly string[],
): PerformResult {
  const mask = (text: string): string => maskValues(secrets, text);
  const failures = tests?.failures.slice(0, 20).map(mask) ?? [];
  if (result.kind === "failed") {
    const told = failures.length > 0 ? `; failed tests: ${failures.slice(0, 3).join(", ")}` : "";
    return {
      kind: "failed",
      failure: {
        kind: "failed",
        reason: `${mask(result.reason)}${told}`,
        ...(result.exitCode === undefined ? {} : { exitCode: result.exitCode }),
      },
    };
  }
  const variables = Object.fromEntries(Object.entries(result.variables).map(([name, value]) => [name, mask(value)]));
  return {
    kind: "succeeded",
    output: {
      summary: tests === undefined ? "succeeded" : `${tests.passed} tests passed${tests.failed > 0 ? `, ${tests.failed} failed` : ""}`,
      ...(Object.keys(variables).length > 0 ? { variables } : {}),
      ...(tests === undefined ? {} : { tests: { ...tests, failures } }),
      ...(notices.length > 0 ? { notices } : {}),
    },
  };
}
