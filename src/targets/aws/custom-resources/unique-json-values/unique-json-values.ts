import { parseAliases } from "../lambda/aliases.ts";
import type { CustomResource, Made, Work } from "../lambda/custom-resource.ts";
import { readOptionalText, readTexts, type ResourceProperties } from "../lambda/event.ts";

/** Collects the aliases of the workloads behind a load balancer, each once, sorted: CloudFront wants them so. */
export function uniqueJsonValues(): CustomResource {
  return {
    deadlineMinutes: 9.5,
    physicalResourceId: (event) => event.PhysicalResourceId ?? event.LogicalResourceId,
    create: collect,
    update: collect,
    delete: () => Promise.resolve(),
  };
}

const collect = ({ event }: Work): Promise<Made> => Promise.resolve({ data: { UniqueValues: uniqueValues(event.ResourceProperties) } });

function uniqueValues(properties: ResourceProperties): readonly string[] {
  const workloads = new Set((readOptionalText(properties, "FilterFor") ?? "").split(","));
  const aliases = Object.entries(parseAliases(readOptionalText(properties, "Aliases"))).filter(([workload]) => workloads.has(workload));
  return [...new Set([...aliases.flatMap(([, names]) => names), ...readTexts(properties, "AdditionalStrings")])].toSorted();
}
