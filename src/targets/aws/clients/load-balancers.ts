import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  paginateDescribeListeners,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ImportedLoadBalancer } from "../workload-facts.ts";
import { clientSettings, type AwsConnection } from "./connection.ts";
import { calling, codeOf } from "./to-problem.ts";

/** Reads load balancers. */
export interface LoadBalancers {
  /** By ARN or name, with its listeners; `undefined` when there is none. */
  readonly find: (nameOrArn: string) => Promise<ImportedLoadBalancer | undefined>;
}

/** The load balancers of a region. */
export function openLoadBalancers(connection: AwsConnection): LoadBalancers {
  const client = new ElasticLoadBalancingV2Client(clientSettings(connection));
  const describe = async (nameOrArn: string) => {
    const wish = nameOrArn.startsWith("arn:") ? { LoadBalancerArns: [nameOrArn] } : { Names: [nameOrArn] };
    try {
      return (await client.send(new DescribeLoadBalancersCommand(wish))).LoadBalancers?.[0];
    } catch (error) {
      if (codeOf(error).startsWith("LoadBalancerNotFound")) return undefined;
      throw error;
    }
  };
  const listeners = async (arn: string): Promise<ImportedLoadBalancer["listeners"]> => {
    const found: { readonly arn: string; readonly port: number; readonly protocol: string }[] = [];
    for await (const { Listeners: page } of paginateDescribeListeners({ client }, { LoadBalancerArn: arn }))
      for (const { ListenerArn: listener = "", Port: port = 0, Protocol: protocol = "" } of page ?? [])
        found.push({ arn: listener, port, protocol });
    return found;
  };
  return {
    find: (nameOrArn) =>
      calling(`read the load balancer ${nameOrArn}`, async () => {
        const found = await describe(nameOrArn);
        if (found === undefined) return undefined;
        const arn = found.LoadBalancerArn ?? "";
        return {
          arn,
          name: found.LoadBalancerName ?? "",
          dnsName: found.DNSName ?? "",
          hostedZoneId: found.CanonicalHostedZoneId ?? "",
          securityGroups: found.SecurityGroups ?? [],
          listeners: await listeners(arn),
        };
      }),
  };
}
