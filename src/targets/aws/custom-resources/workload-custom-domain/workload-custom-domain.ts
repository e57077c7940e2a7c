import { refuseAliasesInUse } from "../dns/alias-use.ts";
import { domainZones, requireZone } from "../dns/domain-zones.ts";
import { aliasRecord, type ZoneAccess } from "../dns/zones.ts";
import type { CustomResource, Work } from "../lambda/custom-resource.ts";
import { readOptionalText, readRenamedText, readText, readTexts, type ResourceProperties } from "../lambda/event.ts";

/** Host names and what they shall point to. */
interface Pointing {
  readonly aliases: readonly string[];
  readonly target: { readonly dnsName: string; readonly hostedZoneId: string };
}

/** Writes the address records of a workload's own load balancer or distribution. */
export function workloadCustomDomain(access: ZoneAccess): CustomResource {
  const point = async ({ event }: Work, old: Pointing | undefined): Promise<undefined> => {
    const find = zonesOf(access, event.ResourceProperties);
    const pointing = toPointing(event.ResourceProperties);
    await refuseAliasesInUse(find, pointing.aliases, [pointing.target.dnsName, old?.target.dnsName]);
    await Promise.all(
      pointing.aliases.map(async (alias) => {
        const { zones, zoneId } = await requireZone(find, alias);
        await zones.upsert(zoneId, aliasRecord(alias, pointing.target), `Upsert A-record for alias ${alias}`);
      }),
    );
    if (old !== undefined) await removeRecords(find, { ...old, aliases: old.aliases.filter((alias) => !pointing.aliases.includes(alias)) });
    return undefined;
  };
  return {
    deadlineMinutes: 14.5,
    physicalResourceId: (event) => event.PhysicalResourceId ?? event.LogicalResourceId,
    create: (work) => point(work, undefined),
    update: async (work) => {
      const { ResourceProperties: properties, OldResourceProperties: oldProperties } = work.event;
      const old = oldProperties === undefined ? undefined : toPointing(oldProperties);
      return old !== undefined && isSame(old, toPointing(properties)) ? undefined : point(work, old);
    },
    delete: async ({ event: { ResourceProperties: properties } }) => removeRecords(zonesOf(access, properties), toPointing(properties)),
  };
}

function zonesOf(access: ZoneAccess, properties: ResourceProperties): ReturnType<typeof domainZones> {
  return domainZones({
    names: {
      environment: readText(properties, "EnvName"),
      application: readText(properties, "AppName"),
      domain: readText(properties, "DomainName"),
    },
    own: access.own,
    delegated: () => access.assuming(readText(properties, "RootDNSRole")),
    environmentZoneId: readOptionalText(properties, "EnvHostedZoneId"),
  });
}

function toPointing(properties: ResourceProperties): Pointing {
  return {
    aliases: readTexts(properties, "Aliases"),
    // Templates before 1.28 named the target after the load balancer; updates from them bring these as the old properties.
    target: {
      dnsName: readRenamedText(properties, "PublicAccessDNS", "LoadBalancerDNS"),
      hostedZoneId: readRenamedText(properties, "PublicAccessHostedZoneID", "LoadBalancerHostedZoneID"),
    },
  };
}

function isSame(first: Pointing, second: Pointing): boolean {
  const names = ({ aliases }: Pointing): string => [...new Set(aliases)].toSorted().join(",");
  const sameTarget = first.target.dnsName === second.target.dnsName && first.target.hostedZoneId === second.target.hostedZoneId;
  return sameTarget && names(first) === names(second);
}

/** A record that is gone, or that points elsewhere by now, is left alone. */
async function removeRecords(find: ReturnType<typeof domainZones>, { aliases, target }: Pointing): Promise<void> {
  await Promise.all(
    aliases.map(async (alias) => {
      const { zones, zoneId } = await requireZone(find, alias);
      await zones.remove(zoneId, aliasRecord(alias, target), `Delete the A-record for ${alias}`);
    }),
  );
}
