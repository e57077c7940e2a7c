import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { toHandler } from "../lambda/custom-resource.ts";
import { desiredCount, type RunningServices } from "./desired-count.ts";

/** The calls, made by clients. */
export function taggedEcsServices(tagging: ResourceGroupsTaggingAPIClient, ecs: ECSClient): RunningServices {
  return {
    find: async ({ application, environment, service }) => {
      const filters = { "copilot-application": application, "copilot-environment": environment, "copilot-service": service };
      const { ResourceTagMappingList: found = [] } = await tagging.send(
        new GetResourcesCommand({
          ResourceTypeFilters: ["ecs:service"],
          TagFilters: Object.entries(filters).map(([Key, value]) => ({ Key, Values: [value] })),
        }),
      );
      return found.flatMap(({ ResourceARN: arn }) => (arn === undefined ? [] : [arn]));
    },
    desiredCount: async (cluster, serviceArn) => {
      const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [serviceArn] }));
      return services[0]?.desiredCount;
    },
  };
}

/** What Lambda calls. */
export const handler = toHandler(desiredCount(taggedEcsServices(new ResourceGroupsTaggingAPIClient(), new ECSClient())));
