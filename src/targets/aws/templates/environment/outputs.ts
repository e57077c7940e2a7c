import type { EnvironmentSpec } from "../../../../model/environment-spec.ts";
import { getAtt, join, ref, sub } from "../../cloudformation/intrinsics.ts";
import type { Text } from "../../cloudformation/intrinsics.ts";
import type { Output } from "../../cloudformation/template.ts";
import type { EnvironmentFacts } from "../../environment-facts.ts";
import type { EnvironmentTemplateInput } from "./template-input.ts";
import type { Network } from "./network.ts";
import { controlledParameters } from "./parameters.ts";

type Outputs = Readonly<Record<string, Output>>;

const exported = (value: Text, suffix: string, condition?: string): Output => ({
  ...(condition === undefined ? {} : { Condition: condition }),
  Value: value,
  Export: { Name: sub(`\${AWS::StackName}-${suffix}`) },
});

/** What an environment tells its workloads, mostly by exports. */
export function environmentOutputs({ spec, facts }: EnvironmentTemplateInput, network: Network): Outputs {
  return {
    ...networkOutputs(network),
    ...publicOutputs(),
    ...internalOutputs(spec),
    ClusterId: exported(ref("Cluster"), "ClusterId"),
    ...roleOutputs,
    ...domainOutputs(spec),
    ...stateOutputs(spec, facts),
    ...(network.isManaged
      ? { AppRunnerVpcEndpointId: exported(ref("AppRunnerVpcEndpoint"), "AppRunnerVpcEndpointId", "CreateAppRunnerVPCEndpoint") }
      : {}),
  };
}

/** The ARNs of the two roles that every environment has, bootstrapped or deployed. */
export const roleOutputs: Outputs = {
  EnvironmentManagerRoleARN: {
    ...exported(getAtt("EnvironmentManagerRole", "Arn"), "EnvironmentManagerRoleARN"),
    Description: "The role by which Copilot looks at and changes the environment.",
  },
  CFNExecutionRoleARN: {
    ...exported(getAtt("CloudformationExecutionRole", "Arn"), "CFNExecutionRoleARN"),
    Description: "The role by which CloudFormation manages resources.",
  },
};

function networkOutputs(network: Network): Outputs {
  const count = network.privateSubnets.length;
  const routeTables = Array.from({ length: count }, (_, index) => ref(`PrivateRouteTable${index + 1}`));
  return {
    VpcId: exported(network.vpcId, "VpcId"),
    ...(network.isManaged || network.publicSubnets.length > 0
      ? { PublicSubnets: exported(join(",", network.publicSubnets), "PublicSubnets") }
      : {}),
    ...(network.isManaged || count > 0 ? { PrivateSubnets: exported(join(",", network.privateSubnets), "PrivateSubnets") } : {}),
    ...(network.isManaged
      ? {
          InternetGatewayID: exported(ref("InternetGateway"), "InternetGatewayID"),
          PublicRouteTableID: exported(ref("PublicRouteTable"), "PublicRouteTableID"),
          PrivateRouteTableIDs: exported(join(",", routeTables), "PrivateRouteTableIDs", "CreateNATGateways"),
        }
      : {}),
    ServiceDiscoveryNamespaceID: exported(getAtt("ServiceDiscoveryNamespace", "Id"), "ServiceDiscoveryNamespaceID"),
    EnvironmentSecurityGroup: exported(ref("EnvironmentSecurityGroup"), "EnvironmentSecurityGroup"),
  };
}

function publicOutputs(): Outputs {
  const condition = "CreateALB";
  return {
    PublicLoadBalancerDNSName: exported(getAtt("PublicLoadBalancer", "DNSName"), "PublicLoadBalancerDNS", condition),
    PublicLoadBalancerFullName: exported(getAtt("PublicLoadBalancer", "LoadBalancerFullName"), "PublicLoadBalancerFullName", condition),
    PublicLoadBalancerHostedZone: exported(getAtt("PublicLoadBalancer", "CanonicalHostedZoneID"), "CanonicalHostedZoneID", condition),
    HTTPListenerArn: exported(ref("HTTPListener"), "HTTPListenerArn", condition),
    HTTPSListenerArn: exported(ref("HTTPSListener"), "HTTPSListenerArn", "ExportHTTPSListener"),
    DefaultHTTPTargetGroupArn: exported(ref("DefaultHTTPTargetGroup"), "DefaultHTTPTargetGroup", condition),
  };
}

function internalOutputs(spec: EnvironmentSpec): Outputs {
  const condition = "CreateInternalALB";
  const zoneOutputs: Outputs = {
    InternalWorkloadsHostedZone: exported(ref("InternalWorkloadsHostedZone"), "InternalWorkloadsHostedZoneID", condition),
    InternalWorkloadsHostedZoneName: exported(sub("${EnvironmentName}.${AppName}.internal"), "InternalWorkloadsHostedZoneName", condition),
  };
  return {
    InternalLoadBalancerDNSName: exported(getAtt("InternalLoadBalancer", "DNSName"), "InternalLoadBalancerDNS", condition),
    InternalLoadBalancerFullName: exported(
      getAtt("InternalLoadBalancer", "LoadBalancerFullName"),
      "InternalLoadBalancerFullName",
      condition,
    ),
    InternalLoadBalancerHostedZone: exported(
      getAtt("InternalLoadBalancer", "CanonicalHostedZoneID"),
      "InternalLoadBalancerCanonicalHostedZoneID",
      condition,
    ),
    ...((spec.privateHttp.certificates ?? []).length > 0 ? {} : zoneOutputs),
    InternalHTTPListenerArn: exported(ref("InternalHTTPListener"), "InternalHTTPListenerArn", condition),
    InternalHTTPSListenerArn: exported(ref("InternalHTTPSListener"), "InternalHTTPSListenerArn", "ExportInternalHTTPSListener"),
    InternalLoadBalancerSecurityGroup: exported(ref("InternalLoadBalancerSecurityGroup"), "InternalLoadBalancerSecurityGroup", condition),
  };
}

function domainOutputs(spec: EnvironmentSpec): Outputs {
  if ((spec.publicHttp.certificates ?? []).length > 0) return {};
  return {
    EnvironmentHostedZone: {
      ...exported(ref("EnvironmentHostedZone"), "HostedZone", "DelegateDNS"),
      Description: "The hosted zone of the environment's subdomain.",
    },
    EnvironmentSubdomain: {
      ...exported(sub("${EnvironmentName}.${AppName}.${AppDNSName}"), "SubDomain", "DelegateDNS"),
      Description: "The domain name of this environment.",
    },
  };
}

function stateOutputs(spec: EnvironmentSpec, facts: EnvironmentFacts): Outputs {
  return {
    EnabledFeatures: {
      Value: sub(controlledParameters.map((name) => `\${${name}}`).join(",")),
      Description: "Changes with the workloads' needs, so that the stack updates even when no resource does.",
    },
    ManagedFileSystemID: {
      ...exported(ref("FileSystem"), "FilesystemID", "CreateEFS"),
      Description: "The file system that workloads share.",
    },
    ...(spec.cdn === undefined
      ? {}
      : {
          CloudFrontDomainName: {
            ...exported(getAtt("CloudFrontDistribution", "DomainName"), "CloudFrontDomainName", "CreateALB"),
            Description: "The domain name of the CloudFront distribution.",
          },
        }),
    PublicALBAccessible: { Condition: "CreateALB", Value: !spec.publicHttp.restrictToCdn },
    LastForceDeployID: {
      Value: facts.forceDeployId,
      Description: "Changes when an update is forced though no resource changes.",
    },
  };
}
