import { isJsonObject, type Json } from "../cloudformation/json.ts";
import { evaluationOf, section, type StackContent } from "../cloudformation/diff/evaluate.ts";

/** A workload's stack as it is deployed, beside its environment's. */
export interface DeployedService {
  readonly name: string;
  readonly isPublic: boolean;
  readonly content: StackContent;
  readonly outputs: Readonly<Record<string, string>>;
  /** Outputs of the environment's stack. */
  readonly environment: Readonly<Record<string, string>>;
  /** Host name of the load balancer that the manifest imports; unset when it imports none. */
  readonly importedHost: string | undefined;
}

/** Where a service answers over HTTP, and its network load balancer on its port: what its deployed stack comes to. */
export const deployedRoutes = (service: DeployedService): readonly string[] => [...httpRoutes(service), ...networkRoutes(service)];

function httpRoutes(service: DeployedService): readonly string[] {
  const { content, isPublic, environment } = service;
  const { RulePath: path, HTTPSEnabled: https } = content.parameters;
  if (path === undefined) return [];
  const isSecure = https === "true";
  const named = hostHeaders(service, isSecure ? "HTTPSListenerRule" : "HTTPListenerRule");
  const shared = isPublic ? publicHosts(environment) : valuesOf(environment["InternalLoadBalancerDNSName"]);
  const unnamed = service.importedHost === undefined ? shared : [service.importedHost];
  // Without HTTPS, names are told of internal services only: public ones answer at their load balancer.
  const hosts = named.length === 0 || (isPublic && !isSecure) ? unnamed : named;
  const below = path === "/" ? "" : `/${path.replace(/^\//, "")}`;
  return hosts.map((host) => `${isSecure ? "https" : "http"}://${host}${below}`);
}

/** The load balancer and the content delivery network; the former unless it lets only the latter in. */
const publicHosts = (environment: Readonly<Record<string, string>>): readonly string[] => [
  ...(environment["PublicALBAccessible"] === "false" ? [] : valuesOf(environment["PublicLoadBalancerDNSName"])),
  ...valuesOf(environment["CloudFrontDomainName"]),
];

const valuesOf = (value: string | undefined): readonly string[] => (value === undefined || value === "" ? [] : [value]);

/** The names for which the listener rules of a kind are. A name that only CloudFormation knows is the service's in its environment's domain. */
function hostHeaders({ name, content, environment }: DeployedService, kind: string): readonly string[] {
  const { evaluate } = evaluationOf(content);
  const domain = environment["EnvironmentSubdomain"];
  const own = domain === undefined ? [] : [`${name}.${domain}`];
  const found = Object.entries(section(content.template, "Resources"))
    .filter(([logicalId]) => logicalId.startsWith(kind))
    .flatMap(([, resource]) => {
      const properties = isJsonObject(resource) ? evaluate(resource["Properties"] ?? {}) : undefined;
      const conditions = properties !== undefined && isJsonObject(properties) ? properties["Conditions"] : undefined;
      return listOf(conditions).flatMap(hostValues);
    })
    .flatMap((host) => (typeof host === "string" ? [host] : own));
  return [...new Set(found)].toSorted();
}

function hostValues(condition: Json): readonly Json[] {
  if (!isJsonObject(condition) || condition["Field"] !== "host-header") return [];
  const settings = condition["HostHeaderConfig"];
  return listOf(isJsonObject(settings) ? settings["Values"] : condition["Values"]);
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

function networkRoutes({ name, content, outputs, environment }: DeployedService): readonly string[] {
  const { NLBPort: port, NLBAliases: aliases = "", DNSDelegated: isDelegated } = content.parameters;
  if (port === undefined) return [];
  if (isDelegated !== "true") return valuesOf(outputs["PublicNetworkLoadBalancerDNSName"]).map((host) => `${host}:${port}`);
  const hosts =
    aliases === "" ? valuesOf(environment["EnvironmentSubdomain"]).map((domain) => `${name}-nlb.${domain}`) : aliases.split(",");
  return hosts.map((host) => `${host}:${port}`);
}
