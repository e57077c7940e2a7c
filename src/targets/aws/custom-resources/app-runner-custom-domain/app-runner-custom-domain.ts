import type { ValidationRecord } from "../certificates/certificates.ts";
import { valueRecord, type DnsZones, type ZoneAccess } from "../dns/zones.ts";
import type { CustomResource, Work } from "../lambda/custom-resource.ts";
import { readText, type CustomResourceEvent } from "../lambda/event.ts";
import { messageOf } from "../lambda/message-of.ts";
import { attempt, evenAttempts, type Wait } from "../lambda/wait.ts";

/** A host name of an App Runner service. */
export interface AssociatedDomain {
  /** E.g. `creating`, `pending_certificate_dns_validation`, `active`, `delete_failed`. */
  readonly status: string;
  readonly validationRecords: readonly ValidationRecord[];
}

/** The calls of App Runner that the function makes. */
export interface AppRunnerDomains {
  /** Gives the name that the domain shall point to; a domain that is associated already counts as done. */
  readonly associate: (serviceArn: string, domain: string) => Promise<string>;
  /** `undefined` when the domain, or the service, is not there. */
  readonly find: (serviceArn: string, domain: string) => Promise<AssociatedDomain | undefined>;
  /** Gives the name that the domain pointed to, and what was known of it; `undefined` when it is not associated. */
  readonly disassociate: (serviceArn: string, domain: string) => Promise<(AssociatedDomain & { readonly target: string }) | undefined>;
}

const PENDING = "pending_certificate_dns_validation";
const ACTIVE = "active";

/**
 * How many validation records to wait for. A domain that was removed and added again is active at once, before it tells all its records:
 * three of them, as a rule.
 */
function recordsAwaited(status: string): number {
  if (status === PENDING) return 1;
  return status === ACTIVE ? 3 : Number.POSITIVE_INFINITY;
}

const WAIT_FOR_RECORDS = evenAttempts(10, 3_000);
/** The function's own deadline ends this sooner than the count does. */
const WAIT_FOR_REMOVAL = evenAttempts(90, 10_000);

/** Gives an App Runner service a host name: associates it and writes its records into the application's zone. */
export function appRunnerCustomDomain(domains: AppRunnerDomains, access: Pick<ZoneAccess, "assuming">): CustomResource {
  const add = async ({ event, wait }: Work): Promise<undefined> => {
    const wanted = toWanted(event);
    const zones = access.assuming(wanted.role);
    const zoneId = await zones.findZone(wanted.zone);
    if (zoneId === undefined) throw new Error(`Couldn't find any hosted zone with DNS name ${wanted.zone}`);
    const target = await domains.associate(wanted.serviceArn, wanted.domain);
    await Promise.all([
      zones.upsert(zoneId, valueRecord(wanted.domain, "CNAME", target)),
      writeValidationRecords(domains, { ...wanted, zones, zoneId }, wait),
    ]);
    return undefined;
  };
  return {
    deadlineMinutes: 14.5,
    // The domain is part of it: another one replaces the resource, so that CloudFormation removes the old association.
    physicalResourceId: (event) => `/associate-domain-app-runner/${readText(event.ResourceProperties, "CustomDomain")}`,
    create: add,
    update: add,
    delete: async ({ event, wait }) => {
      const wanted = toWanted(event);
      if ((await domains.find(wanted.serviceArn, wanted.domain)) === undefined) return;
      // The zone before the association: without it nothing tells the records to a deletion that is tried again.
      const zones = access.assuming(wanted.role);
      const zoneId = await zones.findZone(wanted.zone);
      const removed = await domains.disassociate(wanted.serviceArn, wanted.domain);
      if (removed !== undefined && zoneId !== undefined) await removeRecords({ zones, zoneId }, wanted.domain, removed);
      await untilGone(domains, wanted, wait);
    },
  };
}

interface Wanted {
  readonly serviceArn: string;
  readonly domain: string;
  /** The application's zone. */
  readonly zone: string;
  readonly role: string;
}

function toWanted({ ResourceProperties: properties }: CustomResourceEvent): Wanted {
  return {
    serviceArn: readText(properties, "ServiceARN"),
    domain: readText(properties, "CustomDomain"),
    zone: readText(properties, "AppDNSName"),
    role: readText(properties, "AppDNSRole"),
  };
}

async function writeValidationRecords(
  domains: AppRunnerDomains,
  { serviceArn, domain, zones, zoneId }: Wanted & { readonly zones: DnsZones; readonly zoneId: string },
  wait: Wait,
): Promise<void> {
  let status = "unknown";
  let known: AssociatedDomain["validationRecords"] = [];
  const complete = await attempt(WAIT_FOR_RECORDS, wait, async () => {
    const found = await domains.find(serviceArn, domain);
    if (found === undefined) throw new Error(`Domain ${domain} is not associated`);
    ({ status, validationRecords: known } = found);
    return known.length >= recordsAwaited(status) ? known : undefined;
  });
  const records = complete ?? (status === ACTIVE ? known : []);
  if (records.length === 0) throw new Error(`The validation records of ${domain} did not become known: its status stayed ${status}`);
  await Promise.all(records.map(({ name, value }) => zones.upsert(zoneId, valueRecord(name, "CNAME", value))));
}

async function removeRecords(
  { zones, zoneId }: { readonly zones: DnsZones; readonly zoneId: string },
  domain: string,
  removed: AssociatedDomain & { readonly target: string },
): Promise<void> {
  const records = [{ name: domain, value: removed.target }, ...removed.validationRecords];
  await Promise.all(
    records.map(async ({ name, value }) => {
      try {
        await zones.remove(zoneId, valueRecord(name, "CNAME", value));
      } catch (error) {
        throw new Error(`Delete record ${name}: ${messageOf(error)}`, { cause: error });
      }
    }),
  );
}

async function untilGone(domains: AppRunnerDomains, { serviceArn, domain }: Wanted, wait: Wait): Promise<void> {
  const isGone = await attempt(WAIT_FOR_REMOVAL, wait, async () => {
    const found = await domains.find(serviceArn, domain);
    if (found?.status === "delete_failed") throw new Error(`Domain ${domain} cannot be disassociated: its status is delete_failed`);
    return found === undefined ? true : undefined;
  });
  if (isGone === undefined) throw new Error(`Domain ${domain} is still associated after ${WAIT_FOR_REMOVAL.count} attempts`);
}
