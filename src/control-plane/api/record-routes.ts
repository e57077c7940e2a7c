import { Hono } from "hono";
import { Problem } from "../../model/problem.ts";
import type { ApplicationDescription, EnvironmentDescription } from "../../targets/docker/protocol.ts";
import { Work } from "../deployments/work.ts";
import type { EnvironmentKey } from "../object-names.ts";
import { findEnvironment, type ApplicationState, type EnvironmentState } from "../state/state.ts";
import { found, workAnswer } from "./answers.ts";
import { readApplication, readEnvironment, readEnvironmentDeployment, readWorkload } from "./read-body.ts";
import type { Services } from "./services.ts";

/** Applications, environments and the records of workloads. */
export function recordRoutes(services: Services): Hono {
  const routes = new Hono();
  applicationRoutes(routes, services);
  environmentRoutes(routes, services);
  workloadRecordRoutes(routes, services);
  return routes;
}

/** The application, or a Problem. */
export function findApplication({ store }: Pick<Services, "store">, name: string): ApplicationState {
  return found(store.state.applications[name], {
    code: "application-not-found",
    message: `There is no application ${name} on this engine`,
    hint: "copilot app ls",
  });
}

function knownEnvironment({ store }: Pick<Services, "store">, key: EnvironmentKey): EnvironmentState {
  return found(findEnvironment(store.state, key), {
    code: "environment-not-found",
    message: `Application ${key.application} has no environment ${key.environment} on this engine`,
    hint: `copilot env ls --app ${key.application}`,
  });
}

function applicationRoutes(routes: Hono, services: Services): void {
  const { store } = services;
  routes.get("/applications", (context) => context.json(Object.values(store.state.applications).map((entry) => entry.application)));
  routes.get("/applications/:app", (context) => {
    const { application, environments, workloads } = findApplication(services, context.req.param("app"));
    const description: ApplicationDescription = {
      ...application,
      environments: Object.values(environments).map((entry) => entry.environment),
      workloads: Object.values(workloads),
    };
    return context.json(description);
  });
  routes.put("/applications/:app", async (context) => {
    const application = await readApplication(context, context.req.param("app"));
    await store.record({ type: "application-put", application });
    return context.json(application);
  });
  routes.delete("/applications/:app", (context) => workAnswer(services.removal.application(context.req.param("app"))));
}

function environmentRoutes(routes: Hono, services: Services): void {
  const at = "/applications/:app/environments";
  routes.get(at, (context) => {
    const { environments } = findApplication(services, context.req.param("app"));
    return context.json(Object.values(environments).map((entry) => entry.environment));
  });
  routes.get(`${at}/:env`, (context) => {
    const key = { application: context.req.param("app"), environment: context.req.param("env") };
    return context.json(describeEnvironment(services, knownEnvironment(services, key)));
  });
  routes.put(`${at}/:env`, async (context) => {
    const key = { application: context.req.param("app"), environment: context.req.param("env") };
    findApplication(services, key.application);
    return context.json(await putEnvironment(services, key, await readEnvironment(context, key)));
  });
  routes.delete(`${at}/:env`, (context) =>
    workAnswer(services.removal.environment({ application: context.req.param("app"), environment: context.req.param("env") })),
  );
  routes.post(`${at}/:env/deployments`, async (context) => {
    const key = { application: context.req.param("app"), environment: context.req.param("env") };
    const known = knownEnvironment(services, key);
    return workAnswer(deployEnvironment(services, known, await readEnvironmentDeployment(context, key)));
  });
}

async function putEnvironment(
  services: Services,
  key: EnvironmentKey,
  wanted: EnvironmentState["environment"],
): Promise<EnvironmentDescription> {
  const before = findEnvironment(services.store.state, key);
  if (before?.isRemoving)
    throw new Problem("being-deleted", `Environment ${key.environment} cannot be made: the former one is still being deleted`);
  if (wanted.target !== "docker") {
    await services.store.record({ type: "environment-put", environment: wanted });
    return { ...wanted, urls: [] };
  }
  const address = await services.supervisor.joinEnvironment(key, before?.environment.port ?? wanted.port);
  const environment = { ...wanted, port: address.port };
  if (JSON.stringify(before?.environment) !== JSON.stringify(environment)) {
    await services.store.record({ type: "environment-put", environment });
    await services.supervisor.publishRoutes();
  }
  return { ...environment, ...(before?.document ? { document: before.document } : {}), urls: address.urls };
}

function describeEnvironment(services: Services, { environment, document }: EnvironmentState): EnvironmentDescription {
  return {
    ...environment,
    ...(document ? { document } : {}),
    urls: services.supervisor.environmentUrls({ application: environment.application, environment: environment.name }),
  };
}

/** Puts an environment's document in place and tells of it. */
export function deployEnvironment(
  services: Services,
  known: EnvironmentState,
  { document, force }: { readonly document: NonNullable<EnvironmentState["document"]>; readonly force?: boolean },
): Work {
  const work = new Work();
  const key = { application: document.application, environment: document.environment };
  const urls = services.supervisor.environmentUrls(key);
  if (!force && JSON.stringify(known.document) === JSON.stringify(document)) {
    work.emit({ type: "outcome", outcome: { kind: "unchanged", revision: 1, urls } });
    return work;
  }
  services.store.record({ type: "environment-deployed", ...key, document }).then(
    () => work.emit({ type: "outcome", outcome: { kind: "deployed", revision: 1, urls } }),
    (error: unknown) => work.emit({ type: "error", error: { code: "internal", message: String(error) } }),
  );
  return work;
}

function workloadRecordRoutes(routes: Hono, services: Services): void {
  const { store } = services;
  const at = "/applications/:app/workloads";
  routes.get(at, (context) => context.json(Object.values(findApplication(services, context.req.param("app")).workloads)));
  routes.put(`${at}/:name`, async (context) => {
    const key = { application: context.req.param("app"), workload: context.req.param("name") };
    const known = findApplication(services, key.application).workloads[key.workload];
    const workload = await readWorkload(context, key);
    if (JSON.stringify(known) !== JSON.stringify(workload)) await store.record({ type: "workload-put", workload });
    return context.json(workload);
  });
  routes.delete(`${at}/:name`, async (context) => {
    await store.record({ type: "workload-record-removed", application: context.req.param("app"), workload: context.req.param("name") });
    return context.body(null, 204);
  });
}
