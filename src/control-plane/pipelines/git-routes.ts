import { timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import type { Git } from "./git/git.ts";
import { answerGit } from "./git/smart-http.ts";
import type { Pipelines } from "./pipelines.ts";
import { readWebhook } from "./sources/webhook.ts";

/** What the addresses outside of the API are answered with. */
export interface GitRouteParts {
  readonly pipelines: Pipelines;
  readonly git: Git;
  readonly token: string;
  readonly hasApplication: (name: string) => boolean;
  /** The secret that a pipeline's webhook is signed with. */
  readonly webhookSecret: (application: string, pipeline: string) => Promise<string | undefined>;
}

/** Bytes that a webhook's body may have; GitHub sends at most as many. */
const largestEvent = 25 * 1024 * 1024;

/** The repositories that people push to, and the webhooks of the hosts of others. */
export function gitRoutes(parts: GitRouteParts): Hono {
  const routes = new Hono();
  repositoryRoutes(routes, parts);
  webhookRoutes(routes, parts);
  return routes;
}

function repositoryRoutes(routes: Hono, { pipelines, git, token, hasApplication }: GitRouteParts): void {
  routes.all("/git/:app/*", async (context) => {
    if (!isToken(token, context.req.header("authorization"))) {
      return context.text("The token of this control plane is needed.\n", 401, { "www-authenticate": 'Basic realm="copilot"' });
    }
    const application = context.req.param("app").replace(/\.git$/, "");
    if (!hasApplication(application)) return context.text(`There is no application ${application} on this engine.\n`, 404);
    const repository = pipelines.repository(application);
    await repository.ensure();
    const path = context.req.path.split("/").slice(3).join("/");
    return answerGit(
      { git, folder: repository.folder },
      { path, raw: context.req.raw },
      { onPush: () => void pipelines.checkSources(application) },
    );
  });
}

function isToken(token: string, header: string | undefined): boolean {
  const [scheme, value = ""] = (header ?? "").split(" ");
  const given =
    scheme === "Basic"
      ? Buffer.from(value, "base64")
          .toString("utf8")
          .replace(/^[^:]*:/, "")
      : scheme === "Bearer"
        ? value
        : "";
  const [left, right] = [Buffer.from(given), Buffer.from(token)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function webhookRoutes(routes: Hono, { pipelines, webhookSecret }: GitRouteParts): void {
  routes.post("/webhooks/:app/:pipeline", async (context) => {
    const { app: application, pipeline: name } = context.req.param();
    if (Number(context.req.header("content-length") ?? "0") > largestEvent)
      return context.json({ code: "event-too-large", message: "The event was refused: it is larger than 25 MiB" }, 413);
    const body = new Uint8Array(await context.req.arrayBuffer());
    const event = readWebhook({ headers: context.req.raw.headers, body, secret: await webhookSecret(application, name) });
    if (event.kind === "refused") return context.json({ code: "webhook-refused", message: `The event was refused: ${event.why}` }, 403);
    const described = event.kind === "push" ? await pipelines.describe({ application, name }) : undefined;
    if (event.kind !== "push" || described === undefined || !event.branches.includes(described.pipeline.source.branch))
      return context.json({ started: false });
    await pipelines.checkSource(described.pipeline, "webhook");
    return context.json({ started: true });
  });
}
