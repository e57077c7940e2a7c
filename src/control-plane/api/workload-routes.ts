import { Hono } from "hono";
import type { DeployedWorkload } from "../../targets/docker/protocol.ts";
import type { WorkloadKey } from "../object-names.ts";
import { findEnvironment, findWorkload, type WorkloadState } from "../state/state.ts";
import { found, streamAnswer, workAnswer } from "./answers.ts";
import { readDeploymentRequest, readUser } from "./read-body.ts";
import { readLogRequest } from "./read-log-request.ts";
import type { Services } from "./services.ts";
import { describeStatus } from "./workload-status.ts";

const at = "/applications/:app/environments/:env/workloads";

/** What is deployed in environments. */
export function workloadRoutes(services: Services): Hono {
  const routes = new Hono();
  deployedRoutes(routes, services);
  deploymentRoutes(routes, services);
  runRoutes(routes, services);
  return routes;
}

interface PathParameters {
  param(name: "app" | "env" | "name"): string;
}

function keyOf(request: PathParameters): WorkloadKey {
  return { application: request.param("app"), environment: request.param("env"), workload: request.param("name") };
}

function knownWorkload({ store }: Pick<Services, "store">, key: WorkloadKey): WorkloadState {
  return found(findWorkload(store.state, key), {
    code: "workload-not-found",
    message: `${key.workload} is not deployed in environment ${key.environment} of ${key.application}`,
    hint: `copilot deploy --name ${key.workload} --env ${key.environment}`,
  });
}

function deployedRoutes(routes: Hono, services: Services): void {
  routes.get(at, (context) => {
    const key = { application: context.req.param("app"), environment: context.req.param("env") };
    const workloads = Object.entries(findEnvironment(services.store.state, key)?.workloads ?? {});
    return context.json(workloads.flatMap(([workload, state]) => describeDeployed(services, { ...key, workload }, state) ?? []));
  });
  routes.get(`${at}/:name`, (context) => {
    const key = keyOf(context.req);
    const deployed = describeDeployed(services, key, knownWorkload(services, key));
    return context.json(
      found(deployed, { code: "workload-not-found", message: `No deployment of ${key.workload} to ${key.environment} has succeeded yet` }),
    );
  });
  routes.delete(`${at}/:name`, (context) => workAnswer(services.removal.workload(keyOf(context.req))));
  routes.get(`${at}/:name/releases`, (context) => context.json(knownWorkload(services, keyOf(context.req)).releases.toReversed()));
  routes.get(`${at}/:name/releases/:revision`, (context) => {
    const key = keyOf(context.req);
    const { current, earlier } = knownWorkload(services, key);
    const revision = Number(context.req.param("revision"));
    const version = [...(current ? [current] : []), ...earlier].find((candidate) => candidate.revision === revision);
    const message = `${key.workload} has no revision ${context.req.param("revision")} in ${key.environment}: it is unknown or no longer kept`;
    return context.json(found(version, { code: "release-not-found", message }).document);
  });
  routes.get(`${at}/:name/status`, async (context) => {
    const key = keyOf(context.req);
    return context.json(await describeStatus(services, key, knownWorkload(services, key)));
  });
  routes.get(`${at}/:name/logs`, (context) => {
    const key = keyOf(context.req);
    knownWorkload(services, key);
    const request = readLogRequest((name) => context.req.query(name));
    return streamAnswer((signal) => services.logs.read(key, request, signal));
  });
}

function describeDeployed(services: Services, key: WorkloadKey, state: WorkloadState): DeployedWorkload | undefined {
  const { current } = state;
  if (!current) return undefined;
  const release = state.releases.findLast((candidate) => candidate.revision === current.revision);
  if (!release) return undefined;
  return {
    application: key.application,
    name: key.workload,
    type: current.document.type,
    environment: key.environment,
    release,
    document: current.document,
    urls: services.supervisor.urls(current),
  };
}

function deploymentRoutes(routes: Hono, services: Services): void {
  routes.post(`${at}/:name/deployments`, async (context) => {
    const key = keyOf(context.req);
    return workAnswer(services.deployments.deploy(key, await readDeploymentRequest(context, key)));
  });
  routes.post(`${at}/:name/pause`, async (context) => workAnswer(services.deployments.pause(keyOf(context.req), await readUser(context))));
  routes.post(`${at}/:name/resume`, async (context) =>
    workAnswer(services.deployments.resume(keyOf(context.req), await readUser(context))),
  );
  routes.get(`${at}/:name/deployments/current`, (context) => {
    const key = keyOf(context.req);
    const work = found(services.supervisor.currentWork(key), {
      code: "not-found",
      message: `${key.workload} is not being deployed to ${key.environment}`,
    });
    return workAnswer(work);
  });
  routes.delete(`${at}/:name/deployments/current`, (context) => {
    const cancelled = services.deployments.cancel(keyOf(context.req));
    return context.json({ cancelled }, cancelled ? 202 : 200);
  });
}

function runRoutes(routes: Hono, services: Services): void {
  routes.get(`${at}/:name/runs`, (context) => context.json(knownWorkload(services, keyOf(context.req)).runs.toReversed()));
  routes.post(`${at}/:name/runs`, (context) => {
    const key = keyOf(context.req);
    knownWorkload(services, key);
    return workAnswer(services.jobs.runNow(key));
  });
}
