import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { acmIn } from "../certificates/acm-certificates.ts";
import { route53Access } from "../dns/route53-zones.ts";
import { toHandler } from "../lambda/custom-resource.ts";
import { workloadCertificate, type WorkloadCertificateCalls } from "./workload-certificate.ts";

/** The call, made by a client of the region. */
export const findTaggedCertificates: WorkloadCertificateCalls["findCertificates"] = async (tags, region) => {
  const client = new ResourceGroupsTaggingAPIClient(region === undefined ? {} : { region });
  const { ResourceTagMappingList: found = [] } = await client.send(
    new GetResourcesCommand({
      ResourceTypeFilters: ["acm:certificate"],
      TagFilters: Object.entries(tags).map(([Key, value]) => ({ Key, Values: [value] })),
    }),
  );
  return found.flatMap(({ ResourceARN: arn }) => (arn === undefined ? [] : [arn]));
};

/** What Lambda calls. */
export const handler = toHandler(
  workloadCertificate({ zones: route53Access(), certificatesIn: acmIn, findCertificates: findTaggedCertificates }),
);
