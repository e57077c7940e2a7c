import { randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import type { Hono } from "hono";
import { writeWhole } from "../platform/write-whole.ts";
import { createApi } from "./api/app.ts";
import type { Services } from "./api/services.ts";
import { Deployments } from "./deployments/deployments.ts";
import { Work } from "./deployments/work.ts";
import type { Discovery } from "./discovery/discovery.ts";
import type { Engine, EngineInfo } from "./engine/engine.ts";
import type { Ingress } from "./ingress/ingress.ts";
import { Jobs } from "./jobs/jobs.ts";
import { createLogReader } from "./logs/log-reader.ts";
import { createTaskRunner } from "./perform/task-runner.ts";
import { Removal } from "./removal/removal.ts";
import { composePipelines, type PipelineModule } from "./pipelines/compose-pipelines.ts";
import { openSecretStore } from "./secrets/secret-store.ts";
import { sitesDirectory, type Settings } from "./settings.ts";
import { createSiteStore } from "./sites/site-store.ts";
import { allWorkloads } from "./state/state.ts";
import { openStore } from "./state/store.ts";
import { createDrainer } from "./supervision/drainer.ts";
import { ImageView } from "./supervision/image-view.ts";
import { Prober } from "./supervision/prober.ts";
import { Router } from "./supervision/router.ts";
import { Supervisor } from "./supervision/supervisor.ts";
import { TaskTable } from "./tasks/task-table.ts";

/** What a control plane is made of that a test may replace. */
export interface ControlPlaneParts {
  readonly engine: Engine;
  readonly ingress: Ingress;
  readonly discovery: Discovery;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told what went wrong where nobody waits for an answer. */
  readonly warn: (message: string) => void;
}

/** A control plane that runs. */
export interface ControlPlane {
  /** Where its API answers. */
  readonly port: number;
  readonly token: string;
  /** Ends this program's part; what runs on the engine goes on. */
  close(): Promise<void>;
}

/** Starts a control plane: reads its state, goes on with what had been begun, and answers. */
export async function startControlPlane(settings: Settings, parts: ControlPlaneParts): Promise<ControlPlane> {
  await mkdir(sitesDirectory(settings), { recursive: true });
  let pipelines: PipelineModule | undefined;
  const services = await composeServices(settings, parts, () => pipelines);
  await services.supervisor.start((key, user) => {
    const work = new Work();
    void services.deployments.hold(key, work, user);
    return work;
  });
  services.jobs.start();
  services.removal.resume();
  const api = createApi(services);
  pipelines = composePipelines({ services, discovery: parts.discovery, fetch: (request) => api.fetch(request) });
  api.route("/v1", pipelines.routes);
  api.route("/", pipelines.openRoutes);
  const server = await listen(settings, api);
  await pipelines.start();
  return {
    port: server.port,
    token: services.token,
    async close() {
      await pipelines.close();
      await server.close();
      await services.jobs.close();
      await services.supervisor.close();
      await services.store[Symbol.asyncDispose]();
    },
  };
}

async function composeServices(
  settings: Settings,
  parts: ControlPlaneParts,
  pipelines: () => PipelineModule | undefined,
): Promise<Services> {
  const { engine, now, warn } = parts;
  const { instance, baseImage, stateDirectory } = settings;
  const store = await openStore(join(stateDirectory, "journal.jsonl"));
  const secrets = await openSecretStore(join(stateDirectory, "secrets.json"), join(stateDirectory, "secrets.key"));
  const sites = createSiteStore(sitesDirectory(settings), now);
  const images = new ImageView(engine);
  const table = new TaskTable(engine, instance);
  const engineInfo = rememberInfo(engine);
  const runner = createTaskRunner({ engine, table, discovery: parts.discovery, secrets, instance, baseImage, engineInfo });
  const router = new Router({ ingress: parts.ingress, discovery: parts.discovery, state: () => store.state, warn });
  const jobs = new Jobs({ engine, store, table, runner, secrets, now, warn });
  const supervisor = new Supervisor({
    ...parts,
    store,
    table,
    runner,
    router,
    images,
    secrets,
    instance,
    drainer: createDrainer(router),
    prober: new Prober((key) => supervisor.controller(key).wake()),
    onVersion: (key) => jobs.reschedule(key),
    ...(settings.selfContainer ? { selfContainer: settings.selfContainer } : {}),
  });
  const deployments = new Deployments({ engine, images, sites, store, now, secretNames: (key) => secrets.names(key), placer: supervisor });
  const removal = new Removal({
    engine,
    store,
    table,
    supervisor,
    deployments,
    secrets,
    instance,
    now,
    stopJob: (key) => jobs.stop(key),
    removePipelines: async (application) => pipelines()?.removeApplication(application),
    pruneSites: async () => {
      const released = (await pipelines()?.sitesInUse()) ?? [];
      await sites.prune(() => new Set([...allWorkloads(store.state).flatMap(({ workload }) => artifactsOf(workload)), ...released]));
    },
  });
  const token = await ensureToken(settings.tokenFile);
  const logs = createLogReader({ engine, table, secrets });
  return {
    settings,
    token,
    engine,
    engineInfo,
    store,
    table,
    images,
    supervisor,
    deployments,
    removal,
    secrets,
    sites,
    jobs,
    logs,
    now,
    warn,
  };
}

type WorkloadVersions = ReturnType<typeof allWorkloads>[number]["workload"];

/** The files of sites that a workload may still need, earlier versions included. */
function artifactsOf({ current, next, earlier }: WorkloadVersions): readonly string[] {
  const versions = [...earlier, ...(current ? [current] : []), ...(next ? [next.version] : [])];
  return versions.flatMap(({ document }) => (document.site ? [document.site.artifact] : []));
}

function rememberInfo(engine: Engine): () => Promise<EngineInfo> {
  let asked: Promise<EngineInfo> | undefined;
  return () => {
    if (!asked) {
      asked = engine.info();
      asked.catch(() => {
        asked = undefined;
      });
    }
    return asked;
  };
}

async function ensureToken(file: string): Promise<string> {
  const known = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  if (known.trim() !== "") return known.trim();
  const token = randomBytes(32).toString("base64url");
  await writeWhole(file, `${token}\n`, { isPrivate: true, isLasting: true });
  return token;
}

async function listen(settings: Settings, api: Hono): Promise<{ readonly port: number; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: api.fetch, hostname: settings.host, port: settings.port }, (address: AddressInfo) => {
      resolve({
        port: address.port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      });
    });
    server.on("error", reject);
  });
}
