import { timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { Problem } from "../../model/problem.ts";
import { protocolVersion, type Info } from "../../targets/docker/protocol.ts";
import { errorAnswer } from "./answers.ts";
import { readReferences } from "./read-body.ts";
import { recordRoutes } from "./record-routes.ts";
import { secretRoutes } from "./secret-routes.ts";
import type { Services } from "./services.ts";
import { workloadRoutes } from "./workload-routes.ts";

/** The control plane's API, as `src/targets/docker/protocol.ts` describes it. Only `GET /v1/health` is answered without the token. */
export function createApi(services: Services): Hono {
  const api = new Hono();
  api.onError((error, context) => errorAnswer(context, error, services.warn));
  api.notFound((context) => context.json({ code: "not-found", message: `There is no ${context.req.method} ${context.req.path}.` }, 404));
  api.get("/v1/health", (context) => context.json({ status: "ok", instance: services.settings.instance, build: services.settings.build }));
  api.use("/v1/*", async (context, next) => {
    if (!isToken(services.token, context.req.header("authorization"))) {
      throw new Problem("unauthorized", "The call was refused: it does not carry the token of this control plane");
    }
    await next();
  });
  engineRoutes(api, services);
  api.route("/v1", recordRoutes(services));
  api.route("/v1", secretRoutes(services));
  api.route("/v1", workloadRoutes(services));
  return api;
}

function isToken(token: string, header: string | undefined): boolean {
  const given = Buffer.from(header ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function engineRoutes(api: Hono, services: Services): void {
  const { settings, sites } = services;
  api.get("/v1/info", async (context) => {
    const { id, version, name } = await services.engineInfo();
    const info: Info = { protocol: protocolVersion, build: settings.build, instance: settings.instance, engine: { id, version, name } };
    return context.json(info);
  });
  // Who is told that the files are there does not bring them again: they have to stay until its deployment begins.
  api.on("HEAD", "/v1/artifacts/:sha256", async (context) => {
    const artifact = context.req.param("sha256");
    sites.reserve(artifact);
    const isThere = await sites.has(artifact);
    if (!isThere) sites.release(artifact);
    return context.body(null, isThere ? 200 : 404);
  });
  api.put("/v1/artifacts/:sha256", async (context) => {
    const body = context.req.raw.body;
    if (!body) throw new Problem("request-invalid", "The request was refused: it has no body");
    await sites.put(context.req.param("sha256"), body);
    return context.body(null, 204);
  });
  api.post("/v1/images/present", async (context) => {
    const references = await readReferences(context);
    const found = await Promise.all(
      references.map(async (reference) => ((await services.images.id(reference)) === undefined ? [] : [reference])),
    );
    return context.json(found.flat());
  });
}
