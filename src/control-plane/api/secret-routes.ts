import { Hono } from "hono";
import { Problem } from "../../model/problem.ts";
import { findEnvironment } from "../state/state.ts";
import { found } from "./answers.ts";
import { readSecret } from "./read-body.ts";
import type { Services } from "./services.ts";

/** An environment's secrets: names go out, values only come in. */
export function secretRoutes(services: Services): Hono {
  const routes = new Hono();
  const at = "/applications/:app/environments/:env/secrets";
  routes.get(at, (context) =>
    context.json(services.secrets.names({ application: context.req.param("app"), environment: context.req.param("env") })),
  );
  routes.put(`${at}/:name`, async (context) => {
    const key = { application: context.req.param("app"), environment: context.req.param("env") };
    const secret = await readSecret(context);
    const environment = found(findEnvironment(services.store.state, key), {
      code: "environment-not-found",
      message: `The secret was not stored: application ${key.application} has no environment ${key.environment}`,
    });
    // A deletion takes all secrets at its end: one that came after would wait for the next environment of that name.
    if (environment.isRemoving)
      throw new Problem("being-deleted", `The secret was not stored: environment ${key.environment} is being deleted`);
    return context.json(await services.secrets.put(key, context.req.param("name"), secret));
  });
  routes.delete(`${at}/:name`, async (context) => {
    const key = { application: context.req.param("app"), environment: context.req.param("env") };
    await services.secrets.remove(key, context.req.param("name"));
    return context.body(null, 204);
  });
  return routes;
}
