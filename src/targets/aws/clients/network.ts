import { EC2Client, paginateDescribeManagedPrefixLists, paginateDescribeSubnets } from "@aws-sdk/client-ec2";
import { clientSettings, type AwsConnection } from "./connection.ts";
import { calling } from "./to-problem.ts";

/** Reads networks. */
export interface Network {
  /** IDs of the subnets of a network that have all of the tags; a tag without values may have any. */
  readonly subnetsByTags: (vpc: string, tags: Readonly<Record<string, readonly string[]>>) => Promise<readonly string[]>;
  /** ID of the managed prefix list of a name. */
  readonly prefixList: (name: string) => Promise<string | undefined>;
}

/** The networks of a region. */
export function openNetwork(connection: AwsConnection): Network {
  const client = new EC2Client(clientSettings(connection));
  return {
    subnetsByTags: (vpc, tags) =>
      calling("look for subnets by their tags", async () => {
        const byTags = Object.entries(tags).map(([name, values]) =>
          values.length === 0 ? { Name: "tag-key", Values: [name] } : { Name: `tag:${name}`, Values: [...values] },
        );
        const found: string[] = [];
        for await (const { Subnets: page } of paginateDescribeSubnets(
          { client },
          { Filters: [{ Name: "vpc-id", Values: [vpc] }, ...byTags] },
        ))
          for (const { SubnetId: id } of page ?? []) if (id !== undefined) found.push(id);
        return found;
      }),
    prefixList: (name) =>
      calling(`look for the prefix list ${name}`, async () => {
        const filters = [{ Name: "prefix-list-name", Values: [name] }];
        for await (const { PrefixLists: page } of paginateDescribeManagedPrefixLists({ client }, { Filters: filters }))
          for (const { PrefixListId: id } of page ?? []) if (id !== undefined) return id;
        return undefined;
      }),
  };
}
