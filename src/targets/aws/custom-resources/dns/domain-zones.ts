import type { DnsRecord, DnsZones } from "./zones.ts";
import { plainName } from "./zones.ts";

/** The names that make up a host name of an application with a domain. */
export interface DomainNames {
  readonly environment: string;
  readonly application: string;
  /** The domain that the application was made with. */
  readonly domain: string;
}

/** Whose zone a host name belongs to. */
export type DomainLevel = "environment" | "application" | "root";

/** The domain of each level, the most special one first. */
export function levelDomains({ environment, application, domain }: DomainNames): readonly (readonly [DomainLevel, string])[] {
  return [
    ["environment", `${environment}.${application}.${domain}`],
    ["application", `${application}.${domain}`],
    ["root", domain],
  ];
}

/** The level of a host name: it is the level's domain itself or has one label (or `*`) before it. */
export function levelOf(host: string, names: DomainNames): { readonly level: DomainLevel; readonly domain: string } | undefined {
  const name = plainName(host);
  for (const [level, domain] of levelDomains(names)) {
    const zone = plainName(domain);
    const label = name.endsWith(`.${zone}`) ? name.slice(0, -zone.length - 1) : undefined;
    if (name === zone || (label !== undefined && label !== "" && !label.includes("."))) return { level, domain };
  }
  return undefined;
}

/** A zone and the principal that may change it. */
export interface LocatedZone {
  readonly zones: DnsZones;
  readonly zoneId: string;
}

/** What is needed to find zones. */
export interface DomainZonesOptions {
  readonly names: DomainNames;
  readonly own: DnsZones;
  /** The application's and the root domain's zones are in its account. */
  readonly delegated: () => DnsZones;
  /** When known, the environment's zone is not searched. */
  readonly environmentZoneId?: string | undefined;
}

/** Finds the zone of host names; `undefined` for those outside of the application's domains. A zone is searched once. */
export function domainZones(options: DomainZonesOptions): (host: string) => Promise<LocatedZone | undefined> {
  const found = new Map<string, Promise<LocatedZone>>();
  return async (host) => {
    const place = levelOf(host, options.names);
    if (place === undefined) return undefined;
    const known = found.get(place.domain) ?? locate(options, place);
    found.set(place.domain, known);
    return known;
  };
}

async function locate(options: DomainZonesOptions, place: { readonly level: DomainLevel; readonly domain: string }): Promise<LocatedZone> {
  const isOwn = place.level === "environment";
  const zones = isOwn ? options.own : options.delegated();
  if (isOwn && options.environmentZoneId !== undefined) return { zones, zoneId: options.environmentZoneId };
  const zoneId = await zones.findZone(place.domain);
  if (zoneId === undefined) throw new Error(`Couldn't find any hosted zone with DNS name ${place.domain}`);
  return { zones, zoneId };
}

/** The zone of a host name that must be within the application's domains. */
export async function requireZone(find: ReturnType<typeof domainZones>, host: string): Promise<LocatedZone> {
  const zone = await find(host);
  if (zone === undefined) throw new Error(`${host} is not within the domains of this application`);
  return zone;
}

/** Whether an `A` record points to one of these names on AWS. */
export function pointsTo(record: DnsRecord, targets: readonly (string | undefined)[]): boolean {
  const { content } = record;
  return content.kind === "alias" && targets.some((target) => target !== undefined && plainName(target) === plainName(content.dnsName));
}
