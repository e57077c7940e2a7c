import { publicName } from "../../targets/docker/compile/names.ts";
import { adminHost } from "./caddy-admin.ts";
import { namedRoutes, portRoutes, type CaddyObject, type PlacedEnvironment } from "./caddy-routes.ts";
import { innerHttpPort, innerHttpsPort, isInBlock, type IngressBlock, type SharedPorts } from "./layout.ts";
import { notFoundPage } from "./pages.ts";

/** The admin socket of a block's container, as it sees it. */
export const adminSocket = (index: number): string => `/shared/ingress/${index}/admin.sock`;

/** Every name that HTTPS is answered for. */
function secureNames(environments: readonly PlacedEnvironment[]): readonly string[] {
  const names = environments.flatMap((environment) => [
    publicName({ application: environment.application, environment: environment.environment }),
    ...environment.workloads.flatMap(({ site, http }) => site?.hosts ?? (http?.rules ?? []).flatMap(({ rule }) => rule.hosts)),
  ]);
  return [...new Set(names)].toSorted();
}

/**
 * Ends each HTTP/1 connection with its answer, upgrades aside. A new configuration closes connections that are idle at that moment, and a
 * client that is just sending on one would see its request fail: connections are cheap on this machine, lost requests are not.
 */
const oneAnswerEach: CaddyObject = {
  match: [{ not: [{ header: { Connection: ["*pgrade*"] } }] }],
  handle: [{ handler: "headers", response: { deferred: true, set: { Connection: ["close"] } } }],
};

const server = (port: number, routes: readonly CaddyObject[], more: CaddyObject = {}): CaddyObject => ({
  listen: [`:${port}`],
  routes: [oneAnswerEach, ...routes],
  automatic_https: { disable: true },
  protocols: ["h1", "h2", "h2c"],
  idle_timeout: "5m",
  ...more,
});

function sharedServers(environments: readonly PlacedEnvironment[], { https }: SharedPorts): Record<string, CaddyObject> {
  const rest: CaddyObject = { handle: [notFoundPage(environments)] };
  const plain = environments.flatMap((environment) => namedRoutes(environment, { https: "redirect", httpsPort: https }));
  const secure = environments.flatMap((environment) => namedRoutes(environment, { https: "here", httpsPort: https }));
  return {
    names: server(innerHttpPort, [...plain, rest]),
    secure: server(innerHttpsPort, [...secure, rest], { tls_connection_policies: [{}], protocols: ["h1", "h2"] }),
  };
}

/** HTTPS by an authority of this machine alone: no name is asked of anyone outside. */
function tlsApps(environments: readonly PlacedEnvironment[]): Record<string, CaddyObject> {
  const names = secureNames(environments);
  return {
    tls: {
      certificates: { automate: names },
      automation: { policies: [{ subjects: names, issuers: [{ module: "internal" }] }] },
    },
    pki: { certificate_authorities: { local: { name: "Copilot on this machine", install_trust: false } } },
  };
}

/** Environments in a fixed order, so that equal routing gives equal configuration. */
const inOrder = (environments: readonly PlacedEnvironment[]): readonly PlacedEnvironment[] =>
  environments.toSorted((a, b) => a.application.localeCompare(b.application) || a.environment.localeCompare(b.environment));

/** The complete configuration of one ingress container. */
export function toCaddyConfig(environments: readonly PlacedEnvironment[], block: IngressBlock): CaddyObject {
  const ordered = inOrder(environments);
  const own = ordered.filter(({ port }) => isInBlock(block, port));
  const ports = own.map((environment) => [`port-${environment.port}`, server(environment.port, portRoutes(environment))]);
  const shared = block.shared === undefined ? {} : sharedServers(ordered, block.shared);
  return {
    admin: { listen: `unix/${adminSocket(block.index)}`, origins: [adminHost], config: { persist: false } },
    logging: { logs: { default: { level: "ERROR" } } },
    apps: {
      http: { grace_period: "1h", servers: { ...Object.fromEntries(ports), ...shared } },
      ...(block.shared === undefined ? {} : tlsApps(ordered)),
    },
  };
}
