import { paginateGetResources, ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { clientSettings, type AwsConnection } from "./connection.ts";
import { calling } from "./to-problem.ts";

/** Something that has tags. */
export interface TaggedResource {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Finds resources by their tags. */
export interface TaggedResources {
  /** `type` is of the form `sns` or `cloudformation:stack`. An empty value of a tag stands for any. */
  readonly find: (type: string, tags: Readonly<Record<string, string>>) => Promise<readonly TaggedResource[]>;
}

/** The tagged resources of a region. */
export function openTaggedResources(connection: AwsConnection): TaggedResources {
  const client = new ResourceGroupsTaggingAPIClient(clientSettings(connection));
  return {
    find: (type, tags) =>
      calling(`look for resources by their tags (${type})`, async () => {
        const filters = Object.entries(tags).map(([name, value]) => ({ Key: name, Values: value === "" ? [] : [value] }));
        const found: TaggedResource[] = [];
        const pages = paginateGetResources({ client }, { ResourceTypeFilters: [type], TagFilters: filters });
        for await (const { ResourceTagMappingList: page } of pages)
          for (const { ResourceARN: arn = "", Tags: own } of page ?? [])
            found.push({ arn, tags: Object.fromEntries((own ?? []).map(({ Key: key = "", Value: value = "" }) => [key, value])) });
        return found;
      }),
  };
}
