import type {
  CdnSpec,
  EnvironmentSpec,
  PrivateHttpSpec,
  PublicHttpSpec,
  SecurityGroupRule,
  VpcSpec,
} from "../../model/environment-spec.ts";
import { readBand } from "../schema/band.ts";
import type { EnvironmentManifest } from "./definition.ts";

/** The spec's form of a checked manifest. */
export function toEnvironmentSpec(
  manifest: EnvironmentManifest,
  identity: Pick<EnvironmentSpec, "application" | "name" | "manifest">,
): EnvironmentSpec {
  const vpc = manifest.network?.vpc;
  const logs = vpc?.flow_logs;
  const cdn = toCdn(manifest.cdn);
  return {
    ...identity,
    vpc: toVpc(vpc),
    securityGroup: { ingress: toRules(vpc?.security_group?.ingress), egress: toRules(vpc?.security_group?.egress) },
    // `false` keeps them too: live environments have it so.
    ...(logs === undefined ? {} : { flowLogs: { retentionDays: (typeof logs === "object" ? logs.retention : undefined) ?? 14 } }),
    containerInsights: manifest.observability?.container_insights ?? false,
    publicHttp: toPublicHttp(manifest.http?.public),
    privateHttp: toPrivateHttp(manifest.http?.private),
    ...(cdn === undefined ? {} : { cdn }),
  };
}

type Vpc = NonNullable<NonNullable<EnvironmentManifest["network"]>["vpc"]>;
type Rules = NonNullable<Vpc["security_group"]>["ingress"];
type Http = NonNullable<EnvironmentManifest["http"]>;

function toVpc(vpc: Vpc | undefined): VpcSpec {
  const { public: publicSubnets = [], private: privateSubnets = [] } = vpc?.subnets ?? {};
  if (vpc?.id !== undefined && vpc.id !== "") {
    const ids = (subnets: typeof publicSubnets): readonly string[] => subnets.map((subnet) => subnet.id ?? "");
    return { kind: "imported", id: vpc.id, publicSubnetIds: ids(publicSubnets), privateSubnetIds: ids(privateSubnets) };
  }
  if (vpc?.cidr === undefined || vpc.cidr === "") return { kind: "default" };
  const byZone = (subnets: typeof publicSubnets): typeof publicSubnets =>
    subnets.toSorted((left, right) => compare(left.az ?? "", right.az ?? ""));
  const cidrs = (subnets: typeof publicSubnets): readonly string[] => byZone(subnets).map((subnet) => subnet.cidr ?? "");
  return {
    kind: "adjusted",
    cidr: vpc.cidr,
    publicSubnetCidrs: cidrs(publicSubnets),
    privateSubnetCidrs: cidrs(privateSubnets).slice(0, publicSubnets.length),
    availabilityZones: byZone(publicSubnets).flatMap((subnet) => (subnet.az === undefined || subnet.az === "" ? [] : [subnet.az])),
  };
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

function toRules(rules: Rules): readonly SecurityGroupRule[] {
  return (rules ?? []).map(({ cidr = "", ports, ip_protocol: protocol = "" }) => {
    const range = typeof ports === "string" ? readBand(ports) : undefined;
    const single = typeof ports === "number" ? ports : 0;
    return { cidr, fromPort: range?.min ?? single, toPort: range?.max ?? single, protocol };
  });
}

function toPublicHttp(http: Http["public"]): PublicHttpSpec {
  const former = http?.security_groups?.ingress?.restrict_to;
  const current = http?.ingress;
  const sourceIps = current?.source_ips ?? [];
  const restrictsByCurrent = current?.cdn !== undefined || sourceIps.length > 0;
  const logs = http?.access_logs;
  return {
    ...(http?.certificates === undefined ? {} : { certificates: http.certificates }),
    restrictToCdn: (restrictsByCurrent ? current?.cdn : former?.cdn) ?? false,
    // The former spelling takes addresses too, and they never had an effect; a rule warns of it.
    sourceIps,
    ...(logs === undefined || logs === false ? {} : { accessLogs: logs === true ? {} : toAccessLogs(logs) }),
    ...(http?.ssl_policy === undefined ? {} : { sslPolicy: http.ssl_policy }),
  };
}

function toAccessLogs(logs: { readonly bucket_name?: string; readonly prefix?: string }): NonNullable<PublicHttpSpec["accessLogs"]> {
  return {
    ...(logs.bucket_name === undefined ? {} : { bucketName: logs.bucket_name }),
    ...(logs.prefix === undefined ? {} : { prefix: logs.prefix }),
  };
}

function toPrivateHttp(http: Http["private"]): PrivateHttpSpec {
  return {
    ...(http?.certificates === undefined ? {} : { certificates: http.certificates }),
    ...(http?.subnets === undefined ? {} : { subnets: http.subnets }),
    vpcIngress: http?.ingress?.vpc === true || http?.security_groups?.ingress?.from_vpc === true,
    ...(http?.ssl_policy === undefined ? {} : { sslPolicy: http.ssl_policy }),
  };
}

function toCdn(cdn: EnvironmentManifest["cdn"]): CdnSpec | undefined {
  if (cdn === undefined || cdn === false) return undefined;
  if (cdn === true) return { terminateTls: false };
  const { alias = "", location = "", path = "" } = cdn.static_assets ?? {};
  return {
    ...(cdn.certificate === undefined ? {} : { certificate: cdn.certificate }),
    terminateTls: cdn.terminate_tls ?? false,
    ...(alias === "" ? {} : { staticAssets: { alias, location, path } }),
  };
}
