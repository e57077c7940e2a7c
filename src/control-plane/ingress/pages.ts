import type { CaddyObject } from "./caddy-routes.ts";
import type { RoutedEnvironment } from "./ingress.ts";

/** Caddy fills in what stands in braces: our own text has none. */
const plain = (text: string): string => text.replaceAll(/[{}]/g, "");

function page(status: number, lines: readonly string[], headers: CaddyObject = {}): CaddyObject {
  return {
    handler: "static_response",
    status_code: status,
    headers: { "Content-Type": ["text/plain; charset=utf-8"], "Cache-Control": ["no-store"], ...headers },
    body: plain(`${lines.join("\n")}\n`),
  };
}

function describe({ application, environment, workloads }: RoutedEnvironment): readonly string[] {
  const open = workloads.flatMap(({ workload, http, site }) => {
    if (site !== undefined) return site.hosts.map((host) => `  ${workload}: http://${host}`);
    if (http?.scope !== "public") return [];
    return http.rules.map(
      ({ rule }) =>
        `  ${workload}: ${rule.hosts.length === 0 ? rule.path : rule.hosts.map((host) => `http://${host}${rule.path}`).join(", ")}`,
    );
  });
  const head = `Environment ${environment} of application ${application}`;
  return open.length === 0
    ? [`${head} has no service that answers requests.`, "Deploy one: copilot deploy"]
    : [`${head} answers at:`, ...open];
}

/** What answers where no service does: which there are, and what to do. */
export function notFoundPage(environments: readonly RoutedEnvironment[]): CaddyObject {
  const known =
    environments.length === 0 ? ["No environment is deployed here.", "Begin with: copilot init"] : environments.flatMap(describe);
  return page(404, ["No service answers at this address.", "", ...known]);
}

/** What answers for a service none of whose tasks is ready. */
export function notReadyPage(workload: string, { environment }: Pick<RoutedEnvironment, "environment">): CaddyObject {
  return page(
    503,
    [
      `No task of ${workload} is ready in environment ${environment}.`,
      "",
      "See how it is:",
      `  copilot svc status --name ${workload} --env ${environment}`,
      `  copilot svc logs --name ${workload} --env ${environment}`,
    ],
    { "Retry-After": ["2"] },
  );
}
