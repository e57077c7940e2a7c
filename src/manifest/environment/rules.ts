import { readArn } from "../../model/arn.ts";
import type { Rule } from "../rules.ts";
import type { EnvironmentManifest } from "./definition.ts";

type EnvironmentRule = Rule<EnvironmentManifest>;
type Subnets = readonly { readonly id?: string; readonly cidr?: string; readonly az?: string }[];

const kinds = ["public", "private"] as const;
const subnetsAt = (kind: string, index?: number): readonly (string | number)[] => [
  "network",
  "vpc",
  "subnets",
  kind,
  ...(index === undefined ? [] : [index]),
];

const filled = (text: string | undefined): boolean => text !== undefined && text !== "";

const importOrAdjust: EnvironmentRule = ({ network }, findings) => {
  const vpc = network?.vpc;
  if (filled(vpc?.id) && filled(vpc?.cidr))
    findings.error(["network", "vpc", "cidr"], "`id` takes a network that exists and `cidr` makes one: only one of them can be given.");
};

const subnetForms: EnvironmentRule = ({ network }, findings) => {
  const vpc = network?.vpc;
  for (const kind of kinds)
    for (const [index, subnet] of (vpc?.subnets?.[kind] ?? []).entries()) {
      const at = subnetsAt(kind, index);
      if (subnet.id !== undefined && subnet.cidr !== undefined) findings.error([...at, "cidr"], "A subnet has either `id` or `cidr`.");
      if (subnet.id !== undefined && subnet.az !== undefined)
        findings.error([...at, "az"], "A subnet that exists is in its zone already: `az` does not go with `id`.");
      if (filled(vpc?.id) && !filled(subnet.id)) findings.error(at, "In a network that exists, a subnet needs its `id`.");
      if (filled(vpc?.cidr) && !filled(subnet.cidr)) findings.error(at, "In a network that is made, a subnet needs its `cidr`.");
    }
};

const importedSubnets: EnvironmentRule = ({ network }, findings) => {
  const vpc = network?.vpc;
  if (!filled(vpc?.id)) return;
  const publicCount = vpc?.subnets?.public?.length ?? 0;
  const privateCount = vpc?.subnets?.private?.length ?? 0;
  if (publicCount + privateCount === 0)
    findings.error(
      ["network", "vpc", "id"],
      "A network that exists needs its subnets here.",
      "Add `subnets:` with `public:` or `private:`.",
    );
  if (publicCount === 1)
    findings.error(subnetsAt("public"), "A load balancer needs at least two public subnets, or there are none at all.");
  if (privateCount === 1) findings.error(subnetsAt("private"), "There are at least two private subnets, or none at all.");
};

const zonesOf = (subnets: Subnets): ReadonlySet<string> => new Set(subnets.map((subnet) => subnet.az ?? "").filter((zone) => zone !== ""));
const cidrsOf = (subnets: Subnets): ReadonlySet<string> => new Set(subnets.map((subnet) => subnet.cidr ?? ""));

const adjustedSubnets: EnvironmentRule = ({ network }, findings) => {
  const vpc = network?.vpc;
  if (!filled(vpc?.cidr) || filled(vpc?.id)) return;
  const { public: publicSubnets = [], private: privateSubnets = [] } = vpc?.subnets ?? {};
  const zones = zonesOf(publicSubnets);
  const privateZones = zonesOf(privateSubnets);
  if (zones.size !== privateZones.size || [...zones].some((zone) => !privateZones.has(zone)))
    findings.error(subnetsAt("private"), "Public and private subnets are in the same availability zones.");
  else if (zones.size === 1) findings.error(subnetsAt("public"), "An environment needs at least two availability zones.");
  else if (zones.size > 0)
    for (const [kind, subnets] of [
      ["public", publicSubnets],
      ["private", privateSubnets],
    ] as const) {
      const count = cidrsOf(subnets).size;
      if (count !== zones.size)
        findings.error(
          subnetsAt(kind),
          `There are ${count} ranges of ${kind} subnets for ${zones.size} availability zones: one each is needed.`,
        );
    }
  else if (privateSubnets.length < publicSubnets.length)
    findings.error(["network", "vpc", "subnets"], "There are fewer private subnets than public ones: one for each is needed.");
};

const securityGroupRules: EnvironmentRule = ({ network }, findings) => {
  for (const direction of ["ingress", "egress"] as const)
    for (const [index, rule] of (network?.vpc?.security_group?.[direction] ?? []).entries()) {
      const at = ["network", "vpc", "security_group", direction, index];
      if (!filled(rule.cidr)) findings.error(at, "A rule needs `cidr`: the addresses that it is about.");
      if (!filled(rule.ip_protocol)) findings.error(at, "A rule needs `ip_protocol`, such as `tcp`.");
      if (rule.ports === undefined) findings.error(at, "A rule needs `ports`: a port, or a range such as `80-443`.");
    }
};

const flowLogsOff: EnvironmentRule = ({ network }, findings) => {
  if (network?.vpc?.flow_logs === false)
    findings.warning(
      ["network", "vpc", "flow_logs"],
      "`flow_logs: false` keeps flow logs for 14 days, as it always did.",
      "Leave `flow_logs` out to keep none.",
    );
};

const formerIngress: EnvironmentRule = ({ http }, findings) => {
  const former = http?.public?.security_groups?.ingress;
  const formerSet =
    former?.restrict_to?.cdn !== undefined || (former?.restrict_to?.source_ips?.length ?? 0) > 0 || former?.from_vpc !== undefined;
  const current = http?.public?.ingress;
  if (formerSet && (current?.cdn !== undefined || (current?.source_ips?.length ?? 0) > 0))
    findings.error(
      ["http", "public", "security_groups"],
      "`security_groups.ingress` is the former spelling of `ingress`: only one of them can be given.",
    );
  if ((former?.restrict_to?.source_ips?.length ?? 0) > 0)
    findings.warning(
      ["http", "public", "security_groups", "ingress", "restrict_to", "source_ips"],
      "Addresses have no effect here, and never had: the public load balancer is open to anyone.",
      "Write them at `http.public.ingress.source_ips`.",
    );
  if (former?.from_vpc !== undefined)
    findings.error(
      ["http", "public", "security_groups", "ingress", "from_vpc"],
      "The public load balancer is open to the network already.",
    );
  const inner = http?.private?.security_groups?.ingress;
  if (inner?.restrict_to?.cdn !== undefined || (inner?.restrict_to?.source_ips?.length ?? 0) > 0)
    findings.error(
      ["http", "private", "security_groups", "ingress", "restrict_to"],
      "The internal load balancer is not open to anyone that it could be restricted from.",
    );
  if (inner?.from_vpc !== undefined && http?.private?.ingress?.vpc !== undefined)
    findings.error(
      ["http", "private", "security_groups"],
      "`security_groups.ingress` is the former spelling of `ingress`: only one of them can be given.",
    );
  if (http?.private?.ingress?.from_vpc !== undefined)
    findings.warning(
      ["http", "private", "ingress", "from_vpc"],
      "`from_vpc` was written by former versions, but never read: nothing is opened.",
      "Write `vpc: true` to open ports 80 and 443 to the network.",
    );
};

const cdnIsOn = ({ cdn }: EnvironmentManifest): boolean => cdn === true || typeof cdn === "object";

const cdnTogether: EnvironmentRule = (manifest, findings) => {
  const { cdn, http } = manifest;
  const current = http?.public?.ingress;
  const restricted =
    current?.cdn !== undefined || (current?.source_ips?.length ?? 0) > 0
      ? current?.cdn
      : http?.public?.security_groups?.ingress?.restrict_to?.cdn;
  if (restricted === true && !cdnIsOn(manifest))
    findings.error(
      ["http", "public", "ingress", "cdn"],
      "Only the content delivery network may send requests, but there is none.",
      "Add `cdn: true`.",
    );
  if (!cdnIsOn(manifest)) return;
  const config = typeof cdn === "object" ? cdn : undefined;
  if (http?.public?.certificates === undefined) {
    if (config?.certificate !== undefined && config.terminate_tls !== true)
      findings.error(["cdn", "certificate"], "Without `http.public.certificates`, `cdn.certificate` needs `cdn.terminate_tls: true`.");
  } else if (config?.certificate === undefined)
    findings.error(
      ["cdn"],
      "With `http.public.certificates`, the content delivery network needs a certificate of its own.",
      "Add `cdn.certificate`.",
    );
};

const cdnParts: EnvironmentRule = ({ cdn }, findings) => {
  if (typeof cdn !== "object") return;
  const region = cdn.certificate === undefined ? undefined : readArn(cdn.certificate)?.region;
  if (region !== undefined && region !== "us-east-1")
    findings.error(["cdn", "certificate"], `CloudFront takes certificates of the region us-east-1 only, and this one is of \`${region}\`.`);
  const assets = cdn.static_assets;
  if (assets === undefined || !(filled(assets.alias) || filled(assets.location) || filled(assets.path))) return;
  for (const key of ["alias", "location", "path"] as const)
    if (!filled(assets[key]))
      findings.error(["cdn", "static_assets"], `\`${key}\` is missing: static assets need alias, location and path.`);
};

const internalSubnets: EnvironmentRule = ({ http, network }, findings) => {
  const subnets = http?.private?.subnets;
  if (subnets === undefined) return;
  const vpc = network?.vpc;
  if (!filled(vpc?.id)) {
    findings.error(
      ["http", "private", "subnets"],
      "The internal load balancer can only be placed in subnets of a network that exists.",
      "Give `network.vpc.id` and its subnets, or leave this out.",
    );
    return;
  }
  const known = new Set([...(vpc?.subnets?.public ?? []), ...(vpc?.subnets?.private ?? [])].map((subnet) => subnet.id));
  for (const [index, id] of subnets.entries())
    if (!known.has(id))
      findings.error(["http", "private", "subnets", index], `The subnet \`${id}\` is not among those of \`network.vpc.subnets\`.`);
};

/** Every check of an environment's manifest that needs several fields. */
export const environmentRules: readonly EnvironmentRule[] = [
  importOrAdjust,
  subnetForms,
  importedSubnets,
  adjustedSubnets,
  securityGroupRules,
  flowLogsOff,
  formerIngress,
  cdnTogether,
  cdnParts,
  internalSubnets,
];
