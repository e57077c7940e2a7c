import type { EnvironmentSpec, SecurityGroupRule } from "../../../../model/environment-spec.ts";
import { join, ref } from "../../cloudformation/intrinsics.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resource, Resources } from "../../cloudformation/template.ts";
import type { EnvironmentFacts } from "../../environment-facts.ts";
import { nameTag } from "./names.ts";
import type { Network } from "./network.ts";

/** Who may reach what inside the environment: the groups of load balancers and tasks, and the rules between them. */
export function securityGroups(spec: EnvironmentSpec, facts: EnvironmentFacts, network: Network): Resources {
  return {
    ...publicGroups(spec, facts, network),
    ...environmentGroup(spec, network),
    ...internalGroup(network),
    ...rulesBetweenGroups(),
    ...(spec.privateHttp.vpcIngress ? rulesFromNetwork() : {}),
  };
}

function publicGroups(spec: EnvironmentSpec, facts: EnvironmentFacts, network: Network): Resources {
  const group = (protocol: "HTTP" | "HTTPS", port: number, condition: string) =>
    resource(
      "AWS::EC2::SecurityGroup",
      {
        GroupDescription: `${protocol} access to the public facing load balancer`,
        SecurityGroupIngress: publicIngress(spec, facts, port),
        VpcId: network.vpcId,
        Tags: nameTag(`-lb-${protocol.toLowerCase()}`),
      },
      { description: `Lets ${protocol} requests into the public load balancer`, condition },
    );
  return {
    PublicHTTPLoadBalancerSecurityGroup: group("HTTP", 80, "CreateALB"),
    PublicHTTPSLoadBalancerSecurityGroup: group("HTTPS", 443, "ExportHTTPSListener"),
  };
}

function publicIngress(spec: EnvironmentSpec, facts: EnvironmentFacts, port: number) {
  const common = { FromPort: port, IpProtocol: "tcp", ToPort: port };
  const prefixList = spec.publicHttp.restrictToCdn ? facts.cloudFrontPrefixList : undefined;
  const restricted = [
    ...(prefixList === undefined
      ? []
      : [{ SourcePrefixListId: prefixList, Description: `Allow ingress from prefix list ${prefixList} on port ${port}`, ...common }]),
    ...spec.publicHttp.sourceIps.map((ip) => ({
      CidrIp: ip,
      Description: `Allow ingress from source IP ${ip} on port ${port}`,
      ...common,
    })),
  ];
  return restricted.length > 0 ? restricted : [{ CidrIp: "0.0.0.0/0", Description: `Allow from anyone on port ${port}`, ...common }];
}

const toRule = (rule: SecurityGroupRule) => ({
  IpProtocol: rule.protocol,
  FromPort: rule.fromPort,
  ToPort: rule.toPort,
  CidrIp: rule.cidr,
});

function environmentGroup(spec: EnvironmentSpec, network: Network): Resources {
  const { ingress, egress } = spec.securityGroup;
  return {
    EnvironmentSecurityGroup: resource(
      "AWS::EC2::SecurityGroup",
      {
        GroupDescription: join("", [ref("AppName"), "-", ref("EnvironmentName"), "EnvironmentSecurityGroup"]),
        VpcId: network.vpcId,
        Tags: nameTag("-env"),
        SecurityGroupIngress: ingress.length === 0 ? undefined : ingress.map(toRule),
        SecurityGroupEgress: egress.length === 0 ? undefined : egress.map(toRule),
      },
      { description: "Lets the tasks of the environment reach each other" },
    ),
  };
}

const internalGroup = (network: Network): Resources => ({
  InternalLoadBalancerSecurityGroup: resource(
    "AWS::EC2::SecurityGroup",
    { GroupDescription: "Access to the internal load balancer", VpcId: network.vpcId, Tags: nameTag("-internal-lb") },
    { description: "Lets requests from inside the network into the internal load balancer", condition: "CreateInternalALB" },
  ),
});

interface GroupRule {
  readonly to: string;
  readonly from: string;
  readonly text: string;
  readonly condition?: string;
}

const fromGroup = (rule: GroupRule): Resource =>
  resource(
    "AWS::EC2::SecurityGroupIngress",
    { Description: rule.text, GroupId: ref(rule.to), IpProtocol: "-1", SourceSecurityGroupId: ref(rule.from) },
    { condition: rule.condition },
  );

function rulesBetweenGroups(): Resources {
  const tasks = "EnvironmentSecurityGroup";
  const internal = "InternalLoadBalancerSecurityGroup";
  return {
    EnvironmentHTTPSecurityGroupIngressFromPublicALB: fromGroup({
      to: tasks,
      from: "PublicHTTPLoadBalancerSecurityGroup",
      text: "HTTP ingress from the public ALB",
      condition: "CreateALB",
    }),
    EnvironmentHTTPSSecurityGroupIngressFromPublicALB: fromGroup({
      to: tasks,
      from: "PublicHTTPSLoadBalancerSecurityGroup",
      text: "HTTPS ingress from the public ALB",
      condition: "ExportHTTPSListener",
    }),
    EnvironmentSecurityGroupIngressFromInternalALB: fromGroup({
      to: tasks,
      from: internal,
      text: "Ingress from the internal ALB",
      condition: "CreateInternalALB",
    }),
    EnvironmentSecurityGroupIngressFromSelf: fromGroup({
      to: tasks,
      from: tasks,
      text: "Ingress from other containers in the same security group",
    }),
    InternalALBIngressFromEnvironmentSecurityGroup: fromGroup({
      to: internal,
      from: tasks,
      text: "Ingress from the env security group",
      condition: "CreateInternalALB",
    }),
  };
}

const openPort = (port: number, condition: string): Resource =>
  resource(
    "AWS::EC2::SecurityGroupIngress",
    {
      Description: `Allow from within the VPC on port ${port}`,
      // Not the network's own range: live load balancers have this one, and the load balancer itself has no public address.
      CidrIp: "0.0.0.0/0",
      FromPort: port,
      ToPort: port,
      IpProtocol: "tcp",
      GroupId: ref("InternalLoadBalancerSecurityGroup"),
    },
    { description: `Opens port ${port} of the internal load balancer to the network`, condition },
  );

const rulesFromNetwork = (): Resources => ({
  InternalLoadBalancerSecurityGroupIngressFromHttp: openPort(80, "CreateInternalALB"),
  InternalLoadBalancerSecurityGroupIngressFromHttps: openPort(443, "ExportInternalHTTPSListener"),
});
