import { getAtt, join, ref, sub } from "../../cloudformation/intrinsics.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { appRunnerTags, isInNetwork } from "./app-runner-workload.ts";
import type { AppRunnerWorkload } from "./app-runner-workload.ts";
import { sharedResources } from "./environment-controller.ts";
import { environmentExport } from "./naming.ts";
import { environmentSecurityGroup, placedSubnets } from "./network.ts";

/** The way from the environment's network to a private service; nothing for a public one. */
export function privateIngress(workload: AppRunnerWorkload): Resources {
  const { request } = workload;
  if (request.private === false) return {};
  return {
    AppRunnerVpcIngressConnection: resource(
      "AWS::AppRunner::VpcIngressConnection",
      {
        ServiceArn: getAtt("Service", "ServiceArn"),
        IngressVpcConfiguration: {
          VpcId: environmentExport("VpcId"),
          VpcEndpointId: request.private === true ? getAtt("EnvControllerAction", "AppRunnerVpcEndpointId") : request.private.endpoint,
        },
        Tags: appRunnerTags(workload),
      },
      { description: "The way from your environment's network to this service" },
    ),
  };
}

/** The way from a service into the environment's network; nothing for a service that is not placed there. */
export function vpcConnector(workload: AppRunnerWorkload): Resources {
  const { spec, facts } = workload;
  if (!isInNetwork(spec)) return {};
  return {
    ...serviceSecurityGroup(),
    VpcConnector: resource(
      "AWS::AppRunner::VpcConnector",
      {
        Subnets: placedSubnets(spec.network, facts),
        SecurityGroups: [ref("ServiceSecurityGroup"), environmentSecurityGroup],
        Tags: appRunnerTags(workload),
      },
      {
        description: "The way from this service into your environment's network",
        // A connection is refused while the network has no NAT gateways.
        dependsOn: sharedResources(spec, facts).length > 0 ? "EnvControllerAction" : undefined,
      },
    ),
  };
}

const serviceSecurityGroup = (): Resources => ({
  ServiceSecurityGroup: resource(
    "AWS::EC2::SecurityGroup",
    {
      GroupDescription: join("", [ref("AppName"), "-", ref("EnvName"), ref("WorkloadName")]),
      VpcId: environmentExport("VpcId"),
      Tags: [{ Key: "Name", Value: sub("copilot-${AppName}-${EnvName}-${WorkloadName}") }],
    },
    { description: "A security group by which your own resources let this service in" },
  ),
  EnvironmentSecurityGroupIngressFromServiceSecurityGroup: resource(
    "AWS::EC2::SecurityGroupIngress",
    {
      GroupId: environmentSecurityGroup,
      IpProtocol: "-1",
      SourceSecurityGroupId: ref("ServiceSecurityGroup"),
    },
    { description: "Lets this service reach the others of your environment" },
  ),
});
