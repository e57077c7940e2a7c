/** A rule of the environment's security group. Ports are inclusive. */
export interface SecurityGroupRule {
  readonly cidr: string;
  readonly fromPort: number;
  readonly toPort: number;
  /** As written, e.g. `tcp`, `udp`, `icmp` or `-1`. */
  readonly protocol: string;
}

/** The network of an environment: made for it, made as told, or one that exists. */
export type VpcSpec =
  /** Address ranges and zones are the product's own. */
  | { readonly kind: "default" }
  | {
      readonly kind: "adjusted";
      readonly cidr: string;
      /** In the order of `availabilityZones` where zones are given, else as written. */
      readonly publicSubnetCidrs: readonly string[];
      readonly privateSubnetCidrs: readonly string[];
      /** Empty means the region's first zones by index. */
      readonly availabilityZones: readonly string[];
    }
  | {
      readonly kind: "imported";
      readonly id: string;
      readonly publicSubnetIds: readonly string[];
      readonly privateSubnetIds: readonly string[];
    };

/** The load balancer that answers the internet. */
export interface PublicHttpSpec {
  /** ARNs of imported certificates; unset when the manifest names none. */
  readonly certificates?: readonly string[];
  /** Only the content delivery network may reach it. */
  readonly restrictToCdn: boolean;
  /** CIDR blocks that may reach it; empty means anyone. */
  readonly sourceIps: readonly string[];
  /** Set when access logs are kept; without a bucket one is made. */
  readonly accessLogs?: { readonly bucketName?: string; readonly prefix?: string };
  readonly sslPolicy?: string;
}

/** The load balancer that answers inside the network. */
export interface PrivateHttpSpec {
  readonly certificates?: readonly string[];
  /** IDs of imported subnets; unset means the private ones. */
  readonly subnets?: readonly string[];
  /** Ports 80 and 443 are open to the network. */
  readonly vpcIngress: boolean;
  readonly sslPolicy?: string;
}

/** A content delivery network in front of the public load balancer. */
export interface CdnSpec {
  readonly certificate?: string;
  readonly terminateTls: boolean;
  readonly staticAssets?: { readonly location: string; readonly alias: string; readonly path: string };
}

/** An environment, resolved: what its manifest asks for once variables and defaults are in place. */
export interface EnvironmentSpec {
  readonly application: string;
  readonly name: string;
  /** The manifest as stored with a deployment: variables filled in. */
  readonly manifest: string;
  readonly vpc: VpcSpec;
  readonly securityGroup: { readonly ingress: readonly SecurityGroupRule[]; readonly egress: readonly SecurityGroupRule[] };
  /** Set when flow logs are kept. */
  readonly flowLogs?: { readonly retentionDays: number };
  readonly containerInsights: boolean;
  readonly publicHttp: PublicHttpSpec;
  readonly privateHttp: PrivateHttpSpec;
  /** Set when the content delivery network is on. */
  readonly cdn?: CdnSpec;
}
