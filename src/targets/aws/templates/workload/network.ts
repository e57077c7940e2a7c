import type { NetworkPlacement } from "../../../../model/workload-spec.ts";
import { split } from "../../cloudformation/intrinsics.ts";
import type { Lookup, Text } from "../../cloudformation/intrinsics.ts";
import { asWritten } from "../../cloudformation/written-text.ts";
import type { WorkloadFacts } from "../../workload-facts.ts";
import { environmentExport } from "./naming.ts";
import { addonsOutput, toText } from "./secrets.ts";

/** The subnets that a workload is placed in. */
export function placedSubnets(network: NetworkPlacement, facts: WorkloadFacts): Lookup | readonly Text[] {
  const { placement } = network;
  switch (placement.kind) {
    case "subnets":
      return placement.ids.map(asWritten);
    case "subnet-tags":
      return facts.taggedSubnetIds ?? [];
    case "public":
      return split(",", environmentExport("PublicSubnets"));
    case "private":
      return split(",", environmentExport("PrivateSubnets"));
  }
}

/** Only tasks in the environment's public subnets have addresses of their own. */
export const publicAddress = ({ placement }: NetworkPlacement): "ENABLED" | "DISABLED" =>
  placement.kind === "public" ? "ENABLED" : "DISABLED";

/** Security groups that the manifest and the addons give besides the environment's. */
export const ownSecurityGroups = (network: NetworkPlacement, facts: WorkloadFacts): readonly Text[] => [
  ...network.securityGroups.map((group) => (group.kind === "value" ? asWritten(group.value) : toText(group))),
  ...(facts.addons?.securityGroups ?? []).map(addonsOutput),
];

/** The security group in which the workloads of an environment reach each other. */
export const environmentSecurityGroup: Text = environmentExport("EnvironmentSecurityGroup");
