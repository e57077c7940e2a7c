import type { VpcSpec } from "../../../../model/environment-spec.ts";
import type { Text } from "../../cloudformation/intrinsics.ts";
import { getAzs, getAtt, ref, select } from "../../cloudformation/intrinsics.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { mergeResources, nameTag } from "./names.ts";

/** The network as the other parts of the template refer to it. */
export interface Network {
  readonly vpcId: Text;
  readonly publicSubnets: readonly Text[];
  readonly privateSubnets: readonly Text[];
  /** Whether this stack makes it. */
  readonly isManaged: boolean;
}

/** Address ranges of a network that the stack makes; ranges and zones of one index belong together. */
interface ManagedNetwork {
  readonly cidr: string;
  readonly publicSubnetCidrs: readonly string[];
  readonly privateSubnetCidrs: readonly string[];
  readonly availabilityZones: readonly string[];
}

const defaultNetwork: ManagedNetwork = {
  cidr: "10.0.0.0/16",
  publicSubnetCidrs: ["10.0.0.0/24", "10.0.1.0/24"],
  privateSubnetCidrs: ["10.0.2.0/24", "10.0.3.0/24"],
  availabilityZones: [],
};

const managedNetwork = (vpc: Exclude<VpcSpec, { kind: "imported" }>): ManagedNetwork => (vpc.kind === "default" ? defaultNetwork : vpc);

/** How to refer to `vpc`: by its resources when the stack makes it, by its IDs when it exists. */
export function toNetwork(vpc: VpcSpec): Network {
  if (vpc.kind === "imported") {
    return { vpcId: vpc.id, publicSubnets: vpc.publicSubnetIds, privateSubnets: vpc.privateSubnetIds, isManaged: false };
  }
  const managed = managedNetwork(vpc);
  return {
    vpcId: ref("VPC"),
    publicSubnets: managed.publicSubnetCidrs.map((_, index) => ref(`PublicSubnet${index + 1}`)),
    privateSubnets: managed.privateSubnetCidrs.map((_, index) => ref(`PrivateSubnet${index + 1}`)),
    isManaged: true,
  };
}

/** A virtual network with its gateway, subnets, and NAT gateways that exist while a workload needs them. Nothing for one that exists. */
export function network(vpc: VpcSpec): Resources {
  if (vpc.kind === "imported") return {};
  const managed = managedNetwork(vpc);
  const zone = (index: number): Text => managed.availabilityZones[index] ?? select(index, getAzs(""));
  const parts = [
    gateway(managed.cidr),
    ...managed.publicSubnetCidrs.map((cidr, index) => subnet({ kind: "Public", cidr, index, zone: zone(index) })),
    ...managed.privateSubnetCidrs.map((cidr, index) => subnet({ kind: "Private", cidr, index, zone: zone(index) })),
    ...managed.publicSubnetCidrs.map((_, index) => publicRoute(index + 1)),
    ...managed.privateSubnetCidrs.map((_, index) => natGateway(index + 1)),
  ];
  return mergeResources(parts);
}

function gateway(cidr: string): Resources {
  return {
    VPC: resource(
      "AWS::EC2::VPC",
      { CidrBlock: cidr, EnableDnsHostnames: true, EnableDnsSupport: true, InstanceTenancy: "default", Tags: nameTag() },
      { description: "The virtual private network of the environment" },
    ),
    PublicRouteTable: resource(
      "AWS::EC2::RouteTable",
      { VpcId: ref("VPC"), Tags: nameTag() },
      { description: "The routes of the public subnets" },
    ),
    DefaultPublicRoute: resource(
      "AWS::EC2::Route",
      { RouteTableId: ref("PublicRouteTable"), DestinationCidrBlock: "0.0.0.0/0", GatewayId: ref("InternetGateway") },
      { dependsOn: "InternetGatewayAttachment" },
    ),
    InternetGateway: resource("AWS::EC2::InternetGateway", { Tags: nameTag() }, { description: "The gateway to the internet" }),
    InternetGatewayAttachment: resource("AWS::EC2::VPCGatewayAttachment", {
      InternetGatewayId: ref("InternetGateway"),
      VpcId: ref("VPC"),
    }),
  };
}

interface SubnetInput {
  readonly kind: "Public" | "Private";
  readonly cidr: string;
  /** From 0, as the name tags count; logical IDs count from 1. */
  readonly index: number;
  readonly zone: Text;
}

function subnet(input: SubnetInput): Resources {
  const { kind, cidr, index } = input;
  return {
    [`${kind}Subnet${index + 1}`]: resource(
      "AWS::EC2::Subnet",
      {
        CidrBlock: cidr,
        VpcId: ref("VPC"),
        AvailabilityZone: input.zone,
        MapPublicIpOnLaunch: kind === "Public",
        Tags: nameTag(`-${kind === "Public" ? "pub" : "priv"}${index}`),
      },
      { description: `${kind} subnet ${index + 1}, ${kind === "Public" ? "with" : "without"} a way to the internet` },
    ),
  };
}

const publicRoute = (count: number): Resources => ({
  [`PublicSubnet${count}RouteTableAssociation`]: resource("AWS::EC2::SubnetRouteTableAssociation", {
    RouteTableId: ref("PublicRouteTable"),
    SubnetId: ref(`PublicSubnet${count}`),
  }),
});

function natGateway(count: number): Resources {
  const condition = "CreateNATGateways";
  return {
    [`NatGateway${count}Attachment`]: resource(
      "AWS::EC2::EIP",
      { Domain: "vpc" },
      { description: `The address of NAT gateway ${count}`, condition, dependsOn: "InternetGatewayAttachment" },
    ),
    [`NatGateway${count}`]: resource(
      "AWS::EC2::NatGateway",
      {
        AllocationId: getAtt(`NatGateway${count}Attachment`, "AllocationId"),
        SubnetId: ref(`PublicSubnet${count}`),
        Tags: nameTag(`-${count - 1}`),
      },
      { description: `NAT gateway ${count}, by which private subnet ${count} reaches the internet`, condition },
    ),
    [`PrivateRouteTable${count}`]: resource("AWS::EC2::RouteTable", { VpcId: ref("VPC") }, { condition }),
    [`PrivateRoute${count}`]: resource(
      "AWS::EC2::Route",
      {
        RouteTableId: ref(`PrivateRouteTable${count}`),
        DestinationCidrBlock: "0.0.0.0/0",
        NatGatewayId: ref(`NatGateway${count}`),
      },
      { condition },
    ),
    [`PrivateRouteTable${count}Association`]: resource(
      "AWS::EC2::SubnetRouteTableAssociation",
      { RouteTableId: ref(`PrivateRouteTable${count}`), SubnetId: ref(`PrivateSubnet${count}`) },
      { condition },
    ),
  };
}
