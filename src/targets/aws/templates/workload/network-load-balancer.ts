import type { NetworkIngress, NetworkListener } from "../../../../model/workload-spec.ts";
import { getAtt, join, ref, split, sub } from "../../cloudformation/intrinsics.ts";
import type { ECSServiceLoadBalancer } from "../../cloudformation/resource-types.ts";
import { mergeResources, resource } from "../../cloudformation/template.ts";
import type { Output, Resources } from "../../cloudformation/template.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import { environmentExport, toOrdinal } from "./naming.ts";
import { networkCertificate, networkDomain } from "./network-domain.ts";
import { wholeSeconds } from "./whole-seconds.ts";

const loadBalancerId = "PublicNetworkLoadBalancerV2";

/** Everything by which a network load balancer reaches the workload; nothing when the manifest has none. */
export function networkIngress(workload: EcsWorkload): Resources {
  const { nlb } = workload.spec;
  if (nlb === undefined) return {};
  return {
    ...loadBalancer(nlb),
    ...mergeResources(nlb.listeners.map((listener, index) => listenerResources(listener, toOrdinal(index)))),
    ...(nlb.aliases.length === 0 ? defaultRecord() : networkDomain(workload, loadBalancerId)),
    ...(nlb.listeners.some(({ protocol }) => protocol === "tls") ? networkCertificate(workload, loadBalancerId) : {}),
  };
}

/** Logical IDs of the listeners that must be there before the service's tasks are. */
export const networkListenerIds = (nlb: NetworkIngress | undefined): readonly string[] =>
  (nlb?.listeners ?? []).map((_, index) => `NLBListener${toOrdinal(index)}`);

/** Makes ECS register the tasks with the target groups. */
export const networkTargets = (nlb: NetworkIngress | undefined): readonly ECSServiceLoadBalancer[] =>
  (nlb?.listeners ?? []).map((listener, index) => ({
    ContainerName: listener.targetContainer,
    ContainerPort: listener.targetPort,
    TargetGroupArn: ref(`NetworkLoadBalancerTargetGroup${toOrdinal(index)}`),
  }));

/** Tells other stacks the name of the network load balancer. */
export const networkLoadBalancerOutput: Output = {
  Value: getAtt(loadBalancerId, "DNSName"),
  Export: { Name: sub("${AWS::StackName}-PublicNetworkLoadBalancerDNSName") },
};

/** Targets and security groups see TCP where a listener ends TLS. */
const transportOf = (listener: NetworkListener): "TCP" | "UDP" => (listener.protocol === "udp" ? "UDP" : "TCP");

const loadBalancer = (nlb: NetworkIngress): Resources => ({
  [loadBalancerId]: resource(
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    {
      Scheme: "internet-facing",
      Subnets: split(",", environmentExport("PublicSubnets")),
      Type: "network",
      SecurityGroups: [getAtt("NetworkLoadBalancerSecurityGroup", "GroupId")],
    },
    { description: "A network load balancer for public traffic to your service" },
  ),
  NetworkLoadBalancerSecurityGroup: resource(
    "AWS::EC2::SecurityGroup",
    {
      GroupDescription: "Allow traffic to the public facing load balancer on listener ports",
      SecurityGroupIngress: nlb.listeners.map((listener) => ({
        CidrIp: "0.0.0.0/0",
        Description: `Allow ${transportOf(listener)} traffic from anyone on listener port ${listener.port}`,
        FromPort: listener.port,
        IpProtocol: transportOf(listener),
        ToPort: listener.port,
      })),
      VpcId: environmentExport("VpcId"),
      Tags: [{ Key: "Name", Value: sub("copilot-${AppName}-${EnvName}-${WorkloadName}-nlb") }],
    },
    { description: "A security group that lets public traffic into the network load balancer" },
  ),
  EnvironmentSecurityGroupIngressFromNetworkLoadBalancerSecurityGroup: resource(
    "AWS::EC2::SecurityGroupIngress",
    {
      GroupId: environmentExport("EnvironmentSecurityGroup"),
      IpProtocol: "-1",
      SourceSecurityGroupId: getAtt("NetworkLoadBalancerSecurityGroup", "GroupId"),
    },
    { description: "Lets the network load balancer reach the services of your environment" },
  ),
});

const listenerResources = (listener: NetworkListener, ordinal: string): Resources => ({
  [`NLBListener${ordinal}`]: resource(
    "AWS::ElasticLoadBalancingV2::Listener",
    {
      DefaultActions: [{ TargetGroupArn: ref(`NetworkLoadBalancerTargetGroup${ordinal}`), Type: "forward" }],
      LoadBalancerArn: ref(loadBalancerId),
      Port: listener.port,
      Protocol: listener.protocol.toUpperCase(),
      ...(listener.protocol === "tls"
        ? {
            Certificates: [{ CertificateArn: ref("NLBCertValidatorAction") }],
            SslPolicy: listener.sslPolicy ?? "ELBSecurityPolicy-TLS13-1-2-2021-06",
          }
        : {}),
    },
    { description: `A listener for ${listener.protocol.toUpperCase()} on port ${listener.port}` },
  ),
  [`NetworkLoadBalancerTargetGroup${ordinal}`]: targetGroup(listener),
});

/** Sticky sessions cannot be had with TLS. */
function targetGroup(listener: NetworkListener) {
  const { healthCheck, stickiness } = listener;
  const isSticky = stickiness !== undefined && listener.protocol !== "tls";
  return resource(
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    {
      HealthyThresholdCount: healthCheck.healthyThreshold,
      UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
      HealthCheckIntervalSeconds: wholeSeconds(healthCheck.interval),
      HealthCheckTimeoutSeconds: wholeSeconds(healthCheck.timeout),
      HealthCheckPort: healthCheck.port === undefined ? undefined : String(healthCheck.port),
      Port: listener.targetPort,
      Protocol: transportOf(listener),
      TargetGroupAttributes: [
        { Key: "deregistration_delay.timeout_seconds", Value: String(wholeSeconds(listener.deregistrationDelay)) },
        ...(isSticky ? [{ Key: "stickiness.enabled", Value: String(stickiness) }] : []),
      ],
      TargetType: "ip",
      VpcId: environmentExport("VpcId"),
    },
    { description: `A target group that connects the network load balancer to port ${listener.targetPort} of your tasks` },
  );
}

const defaultRecord = (): Resources => ({
  NLBDNSAlias: resource(
    "AWS::Route53::RecordSetGroup",
    {
      HostedZoneId: environmentExport("HostedZone"),
      Comment: sub("Default NetworkLoadBalancer alias for service ${WorkloadName}"),
      RecordSets: [
        {
          Name: join(".", [sub("${WorkloadName}-nlb"), environmentExport("SubDomain"), ""]),
          Type: "A",
          AliasTarget: { HostedZoneId: getAtt(loadBalancerId, "CanonicalHostedZoneID"), DNSName: getAtt(loadBalancerId, "DNSName") },
        },
      ],
    },
    { description: "The record of your network load balancer's default name", condition: "HasAssociatedDomain" },
  ),
});
