import { ref } from "../../cloudformation/intrinsics.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import type { Network } from "./network.ts";

/** Where tasks run and the namespace in which they find each other. */
export function cluster(network: Network, containerInsights: boolean): Resources {
  return {
    ServiceDiscoveryNamespace: resource(
      "AWS::ServiceDiscovery::PrivateDnsNamespace",
      { Name: ref("ServiceDiscoveryEndpoint"), Vpc: network.vpcId },
      { description: "The namespace in which workloads find each other" },
    ),
    Cluster: resource(
      "AWS::ECS::Cluster",
      {
        CapacityProviders: ["FARGATE", "FARGATE_SPOT"],
        Configuration: { ExecuteCommandConfiguration: { Logging: "DEFAULT" } },
        ClusterSettings: [{ Name: "containerInsights", Value: containerInsights ? "enabled" : "disabled" }],
      },
      { description: "The ECS cluster that groups the tasks" },
    ),
  };
}
