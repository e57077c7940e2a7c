import { manifestHeader, yamlScalar } from "../yaml-text.ts";

/** A network that exists, for an environment to move into. */
export interface ImportedNetwork {
  readonly id: string;
  readonly publicSubnetIds: readonly string[];
  readonly privateSubnetIds: readonly string[];
}

/** A network to make with given addresses. */
export interface AdjustedNetwork {
  readonly cidr: string;
  readonly availabilityZones: readonly string[];
  readonly publicSubnetCidrs: readonly string[];
  readonly privateSubnetCidrs: readonly string[];
}

/** What a new environment's manifest says. What is left out is left to the defaults. */
export interface ScaffoldEnvironmentInput {
  readonly name: string;
  readonly network?: { readonly imported: ImportedNetwork } | { readonly adjusted: AdjustedNetwork };
  readonly certificates?: readonly string[];
  /** Subnets of the internal load balancer; only where the imported network has no public ones. */
  readonly internalSubnets?: readonly string[];
  readonly internalVpcIngress?: boolean;
  readonly containerInsights?: boolean;
}

/** A commented manifest for a new environment. */
export function scaffoldEnvironmentManifest(input: ScaffoldEnvironmentInput): string {
  const sections = [
    manifestHeader("environment"),
    ["# Names the environment everywhere, and is the name of this file's folder.", `name: ${input.name}`, "type: Environment"],
    networkSection(input.network),
    httpSection(input),
    input.containerInsights === undefined
      ? ["# Collects metrics of containers, on AWS.", "# observability:", "#   container_insights: true"]
      : ["observability:", `  container_insights: ${input.containerInsights}`],
  ];
  return `${sections.map((section) => section.join("\n")).join("\n\n")}\n`;
}

function networkSection(network: ScaffoldEnvironmentInput["network"]): readonly string[] {
  if (network === undefined)
    return ["# A network of its own is made; on AWS its addresses can be given here.", "# network:", "#   vpc:", "#     cidr: 10.0.0.0/16"];
  if ("imported" in network) {
    const { id, publicSubnetIds, privateSubnetIds } = network.imported;
    return [
      "network:",
      "  vpc:",
      `    id: ${yamlScalar(id)}`,
      "    subnets:",
      ...subnetLines(
        "public",
        publicSubnetIds.map((subnet) => [`id: ${yamlScalar(subnet)}`]),
      ),
      ...subnetLines(
        "private",
        privateSubnetIds.map((subnet) => [`id: ${yamlScalar(subnet)}`]),
      ),
    ];
  }
  const { cidr, availabilityZones, publicSubnetCidrs, privateSubnetCidrs } = network.adjusted;
  const made = (cidrs: readonly string[]): readonly (readonly string[])[] =>
    cidrs.map((range, index) => {
      const zone = availabilityZones[index];
      return [`cidr: ${yamlScalar(range)}`, ...(zone === undefined ? [] : [`az: ${yamlScalar(zone)}`])];
    });
  return [
    "network:",
    "  vpc:",
    `    cidr: ${yamlScalar(cidr)}`,
    "    subnets:",
    ...subnetLines("public", made(publicSubnetCidrs)),
    ...subnetLines("private", made(privateSubnetCidrs)),
  ];
}

const subnetLines = (kind: string, subnets: readonly (readonly string[])[]): readonly string[] =>
  subnets.length === 0
    ? []
    : [`      ${kind}:`, ...subnets.flatMap((lines) => lines.map((line, index) => `${index === 0 ? "        - " : "          "}${line}`))];

const inlineList = (values: readonly string[]): string => `[${values.map(yamlScalar).join(", ")}]`;

function httpSection(input: ScaffoldEnvironmentInput): readonly string[] {
  const { network, certificates = [], internalSubnets = [] } = input;
  const internal = network !== undefined && "imported" in network && network.imported.publicSubnetIds.length === 0;
  const lines = [
    ...(certificates.length === 0 ? [] : [`    certificates: ${inlineList(certificates)}`]),
    ...(internal && internalSubnets.length > 0 ? [`    subnets: ${inlineList(internalSubnets)}`] : []),
    ...(internal && input.internalVpcIngress === true ? ["    ingress:", "      vpc: true"] : []),
  ];
  if (lines.length > 0) return ["http:", internal ? "  private:" : "  public:", ...lines];
  return ["# Load balancers that services share, on AWS.", "# http:", "#   public:", "#     certificates: []"];
}
