import type { EnvironmentSpec } from "../../../../model/environment-spec.ts";
import type { Text } from "../../cloudformation/intrinsics.ts";
import { getAtt, ifElse, noValue, ref, region, sub } from "../../cloudformation/intrinsics.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resource, Resources } from "../../cloudformation/template.ts";
import { createsAccessLogsBucket } from "./access-logs.ts";
import type { Network } from "./network.ts";

/** The load balancer that answers the internet, with its listeners; it exists while a workload needs it. */
export function publicLoadBalancer(spec: EnvironmentSpec, network: Network): Resources {
  const { certificates, sslPolicy } = spec.publicHttp;
  return {
    PublicLoadBalancer: resource(
      "AWS::ElasticLoadBalancingV2::LoadBalancer",
      {
        LoadBalancerAttributes: accessLogAttributes(spec),
        Scheme: "internet-facing",
        SecurityGroups: [
          getAtt("PublicHTTPLoadBalancerSecurityGroup", "GroupId"),
          ifElse<string>("ExportHTTPSListener", getAtt("PublicHTTPSLoadBalancerSecurityGroup", "GroupId"), noValue),
        ],
        Subnets: network.publicSubnets,
        Type: "application",
      },
      {
        description: "The load balancer that brings requests from the internet to your services",
        condition: "CreateALB",
        dependsOn: createsAccessLogsBucket(spec) ? "ELBAccessLogsBucketPolicy" : undefined,
      },
    ),
    DefaultHTTPTargetGroup: defaultTargetGroup(network, "CreateALB"),
    ...listeners({
      prefix: "",
      loadBalancer: "PublicLoadBalancer",
      targetGroup: "DefaultHTTPTargetGroup",
      conditions: ["CreateALB", "ExportHTTPSListener"],
      certificates: isGiven(certificates) ? certificates : [ref("HTTPSCert")],
      sslPolicy,
    }),
  };
}

function accessLogAttributes(spec: EnvironmentSpec) {
  const logs = spec.publicHttp.accessLogs;
  if (logs === undefined) return [{ Key: "access_logs.s3.enabled", Value: "false" }];
  return [
    { Key: "access_logs.s3.enabled", Value: "true" },
    ...(isText(logs.prefix) ? [{ Key: "access_logs.s3.prefix", Value: logs.prefix }] : []),
    { Key: "access_logs.s3.bucket", Value: isText(logs.bucketName) ? logs.bucketName : ref("ELBAccessLogsBucket") },
  ];
}

/** The load balancer that answers inside the network, with its listeners and zone; it exists while a workload needs it. */
export function internalLoadBalancer(spec: EnvironmentSpec, network: Network): Resources {
  const { certificates, subnets, sslPolicy } = spec.privateHttp;
  return {
    InternalLoadBalancer: resource(
      "AWS::ElasticLoadBalancingV2::LoadBalancer",
      {
        Scheme: "internal",
        SecurityGroups: [getAtt("InternalLoadBalancerSecurityGroup", "GroupId")],
        Subnets: isGiven(subnets) ? subnets : network.privateSubnets,
        Type: "application",
      },
      {
        description: "The load balancer that brings requests from inside the network to your services",
        condition: "CreateInternalALB",
      },
    ),
    DefaultInternalHTTPTargetGroup: defaultTargetGroup(network, "CreateInternalALB"),
    ...listeners({
      prefix: "Internal",
      loadBalancer: "InternalLoadBalancer",
      targetGroup: "DefaultInternalHTTPTargetGroup",
      conditions: ["CreateInternalALB", "ExportInternalHTTPSListener"],
      certificates: certificates ?? [],
      sslPolicy,
    }),
    ...(isGiven(certificates) ? {} : internalZone(spec, network)),
  };
}

const isGiven = (list: readonly string[] | undefined): list is readonly string[] => list !== undefined && list.length > 0;
const isText = (text: string | undefined): text is string => text !== undefined && text !== "";

/** A listener must have an action before any service is there, so it forwards to a group that nothing joins. */
const defaultTargetGroup = (network: Network, condition: string): Resource =>
  resource(
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    {
      HealthCheckIntervalSeconds: 10,
      HealthyThresholdCount: 2,
      HealthCheckTimeoutSeconds: 5,
      Port: 80,
      Protocol: "HTTP",
      TargetGroupAttributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "60" }],
      TargetType: "ip",
      VpcId: network.vpcId,
    },
    { condition },
  );

interface ListenersInput {
  readonly prefix: "" | "Internal";
  readonly loadBalancer: string;
  readonly targetGroup: string;
  readonly conditions: readonly [http: string, https: string];
  /** The first stands at the listener itself, the others in resources of their own. */
  readonly certificates: readonly Text[];
  readonly sslPolicy: string | undefined;
}

function listeners(input: ListenersInput): Resources {
  const { prefix, certificates } = input;
  const common = {
    DefaultActions: [{ TargetGroupArn: ref(input.targetGroup), Type: "forward" }],
    LoadBalancerArn: ref(input.loadBalancer),
  };
  const kind = prefix === "" ? "public" : "internal";
  return {
    [`${prefix}HTTPListener`]: resource(
      "AWS::ElasticLoadBalancingV2::Listener",
      { ...common, Port: 80, Protocol: "HTTP" },
      { description: `Listens for HTTP requests to the ${kind} load balancer`, condition: input.conditions[0] },
    ),
    [`${prefix}HTTPSListener`]: resource(
      "AWS::ElasticLoadBalancingV2::Listener",
      {
        Certificates: certificates.length === 0 ? undefined : certificates.slice(0, 1).map((arn) => ({ CertificateArn: arn })),
        ...common,
        Port: 443,
        Protocol: "HTTPS",
        SslPolicy: isText(input.sslPolicy) ? input.sslPolicy : undefined,
      },
      { description: `Listens for HTTPS requests to the ${kind} load balancer`, condition: input.conditions[1] },
    ),
    ...Object.fromEntries(certificates.slice(1).map((arn, index) => furtherCertificate(input, arn, index + 2))),
  };
}

const furtherCertificate = (input: ListenersInput, arn: Text, count: number): [string, Resource] => [
  `${input.prefix}HTTPSImportCertificate${count}`,
  resource(
    "AWS::ElasticLoadBalancingV2::ListenerCertificate",
    { ListenerArn: ref(`${input.prefix}HTTPSListener`), Certificates: [{ CertificateArn: arn }] },
    { condition: input.conditions[1] },
  ),
];

const internalZone = (spec: EnvironmentSpec, network: Network): Resources => ({
  InternalWorkloadsHostedZone: resource(
    "AWS::Route53::HostedZone",
    { Name: sub("${EnvironmentName}.${AppName}.internal"), VPCs: [{ VPCId: network.vpcId, VPCRegion: region }] },
    {
      description: `The zone ${spec.name}.${spec.application}.internal of services behind the internal load balancer`,
      condition: "CreateInternalALB",
    },
  ),
});
