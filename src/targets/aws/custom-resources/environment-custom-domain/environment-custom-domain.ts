import { domainZones } from "../dns/domain-zones.ts";
import { aliasRecord, type ZoneAccess } from "../dns/zones.ts";
import { readAllAliases } from "../lambda/aliases.ts";
import type { CustomResource, Work } from "../lambda/custom-resource.ts";
import { readRenamedText, readText, type ResourceProperties } from "../lambda/event.ts";

/** Writes the address records of all workloads' aliases behind the environment's load balancer or distribution. */
export function environmentCustomDomain(access: ZoneAccess): CustomResource {
  const point = async ({ event: { ResourceProperties: properties } }: Work): Promise<undefined> => {
    await forEach(access, properties, {
      aliases: readAllAliases(properties),
      act: (zone, alias) => zone.zones.upsert(zone.zoneId, aliasRecord(alias, targetOf(properties))),
    });
    return undefined;
  };
  return {
    deadlineMinutes: 9.5,
    physicalResourceId: (event) => event.PhysicalResourceId ?? event.LogicalResourceId,
    create: point,
    update: async (work) => {
      await point(work);
      const { ResourceProperties: properties, OldResourceProperties: old } = work.event;
      if (old === undefined) return undefined;
      const wanted = new Set(readAllAliases(properties));
      const aliases = readAllAliases(old).filter((alias) => !wanted.has(alias));
      if (aliases.length > 0) await removeRecords(access, properties, { aliases, target: targetOf(old) });
      return undefined;
    },
    delete: ({ event: { ResourceProperties: properties } }) =>
      removeRecords(access, properties, { aliases: readAllAliases(properties), target: targetOf(properties) }),
  };
}

/** Templates before 1.21 named the target after the load balancer; updates from them bring these as the old properties. */
function targetOf(properties: ResourceProperties) {
  return {
    dnsName: readRenamedText(properties, "PublicAccessDNS", "LoadBalancerDNS"),
    hostedZoneId: readRenamedText(properties, "PublicAccessHostedZone", "LoadBalancerHostedZone"),
  };
}

interface Pointing {
  readonly aliases: readonly string[];
  readonly target: ReturnType<typeof targetOf>;
}

/** A record that is gone, or that points elsewhere by now, is left alone. The properties tell of zones and the role, which are those of today. */
function removeRecords(access: ZoneAccess, properties: ResourceProperties, { aliases, target }: Pointing): Promise<void> {
  return forEach(access, properties, { aliases, act: ({ zones, zoneId }, alias) => zones.remove(zoneId, aliasRecord(alias, target)) });
}

type Zone = NonNullable<Awaited<ReturnType<ReturnType<typeof domainZones>>>>;

interface Acting {
  readonly aliases: readonly string[];
  readonly act: (zone: Zone, alias: string) => Promise<unknown>;
}

/** Aliases outside of the application's domains have their records elsewhere and are passed over. */
async function forEach(access: ZoneAccess, properties: ResourceProperties, { aliases, act }: Acting): Promise<void> {
  const find = domainZones({
    names: {
      environment: readText(properties, "EnvName"),
      application: readText(properties, "AppName"),
      domain: readText(properties, "DomainName"),
    },
    own: access.own,
    delegated: () => access.assuming(readText(properties, "AppDNSRole")),
  });
  await Promise.all(
    aliases.map(async (alias) => {
      const zone = await find(alias);
      if (zone !== undefined) await act(zone, alias);
    }),
  );
}
