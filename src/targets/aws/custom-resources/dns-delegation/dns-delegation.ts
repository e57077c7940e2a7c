import { RECORD_TTL, type ZoneAccess } from "../dns/zones.ts";
import type { CustomResource, Work } from "../lambda/custom-resource.ts";
import { readText, readTexts } from "../lambda/event.ts";

/** Delegates an environment's subdomain to its own zone: name server records in the application's zone. */
export function dnsDelegation(access: ZoneAccess): CustomResource {
  const delegate = async ({ event: { ResourceProperties: properties } }: Work): Promise<undefined> => {
    const domain = readText(properties, "DomainName");
    const zones = access.assuming(readText(properties, "RootDNSRole"));
    const zoneId = await zones.findZone(domain);
    if (zoneId === undefined) throw new Error(`Couldn't find any hosted zone with DNS name ${domain}`);
    const values = readTexts(properties, "NameServers");
    await zones.upsert(zoneId, {
      name: readText(properties, "SubdomainName"),
      type: "NS",
      content: { kind: "values", ttl: RECORD_TTL, values },
    });
    return undefined;
  };
  return {
    deadlineMinutes: 9.5,
    // The subdomain itself: another one replaces the resource, so that CloudFormation removes the old records.
    physicalResourceId: (event) => readText(event.ResourceProperties, "SubdomainName"),
    create: delegate,
    update: delegate,
    delete: async ({ event: { ResourceProperties: properties } }) => {
      const zones = access.assuming(readText(properties, "RootDNSRole"));
      const zoneId = await zones.findZone(readText(properties, "DomainName"));
      const record = zoneId === undefined ? undefined : await zones.findRecord(zoneId, readText(properties, "SubdomainName"), "NS");
      if (zoneId !== undefined && record !== undefined) await zones.remove(zoneId, record);
    },
  };
}
