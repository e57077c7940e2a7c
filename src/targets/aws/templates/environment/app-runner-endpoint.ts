import { ref, sub } from "../../cloudformation/intrinsics.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resource, Resources } from "../../cloudformation/template.ts";
import type { EnvironmentSpec } from "../../../../model/environment-spec.ts";
import type { Network } from "./network.ts";

const condition = "CreateAppRunnerVPCEndpoint";
const group = "AppRunnerVpcEndpointSecurityGroup";

/** The way from the network to private App Runner services, while there are any; an imported network has its own. */
export function appRunnerEndpoint(spec: EnvironmentSpec, network: Network): Resources {
  if (!network.isManaged) return {};
  return {
    [group]: resource(
      "AWS::EC2::SecurityGroup",
      {
        GroupDescription: `${spec.application}-${spec.name}-AppRunnerVpcEndpointSecurityGroup`.slice(0, 255),
        VpcId: network.vpcId,
        Tags: [{ Key: "Name", Value: `copilot-${spec.application}-${spec.name}-app-runner-vpc-endpoint`.slice(0, 255) }],
      },
      { description: "Lets the environment reach private App Runner services", condition },
    ),
    AppRunnerVpcEndpointSecurityGroupIngressFromEnvironment: resource(
      "AWS::EC2::SecurityGroupIngress",
      {
        Description: "Ingress from services in the environment",
        GroupId: ref(group),
        IpProtocol: "-1",
        SourceSecurityGroupId: ref("EnvironmentSecurityGroup"),
      },
      { condition },
    ),
    AppRunnerVpcEndpoint: endpoint(network),
  };
}

/** A network of a `cidr` alone has no subnets to be in. */
function endpoint(network: Network): Resource {
  const made = resource(
    "AWS::EC2::VPCEndpoint",
    {
      VpcEndpointType: "Interface",
      VpcId: network.vpcId,
      SecurityGroupIds: [ref(group)],
      ServiceName: sub("com.amazonaws.${AWS::Region}.apprunner.requests"),
      SubnetIds: network.privateSubnets,
    },
    { description: "The endpoint by which the environment reaches private App Runner services", condition },
  );
  return network.privateSubnets.length > 0 ? made : { ...made, Properties: { ...made.Properties, SubnetIds: "" } };
}
