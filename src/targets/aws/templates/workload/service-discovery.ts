import { getAtt, ref, sub } from "../../cloudformation/intrinsics.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Output, Resources } from "../../cloudformation/template.ts";
import { environmentExport } from "./naming.ts";

/** The name by which other workloads of the environment find a service. */
export const serviceDiscovery = (): Resources => ({
  DiscoveryService: resource(
    "AWS::ServiceDiscovery::Service",
    {
      Description: "Discovery Service for the Copilot services",
      DnsConfig: {
        RoutingPolicy: "MULTIVALUE",
        DnsRecords: [
          { TTL: 10, Type: "A" },
          { TTL: 10, Type: "SRV" },
        ],
      },
      HealthCheckCustomConfig: { FailureThreshold: 1 },
      Name: ref("WorkloadName"),
      NamespaceId: environmentExport("ServiceDiscoveryNamespaceID"),
    },
    { description: "The name by which your other services find this one" },
  ),
});

/** Tells other stacks the ARN of the discovery service. */
export const discoveryOutput: Output = {
  Description: "ARN of the service in the environment's discovery namespace",
  Value: getAtt("DiscoveryService", "Arn"),
  Export: { Name: sub("${AWS::StackName}-DiscoveryServiceARN") },
};
