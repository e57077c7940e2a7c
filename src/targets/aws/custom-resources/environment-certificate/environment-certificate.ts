import { createHash } from "node:crypto";
import {
  recordKey,
  untilRecordsKnown,
  untilUnused,
  type Certificate,
  type Certificates,
  type CertificatesIn,
} from "../certificates/certificates.ts";
import { removeValidationRecords, writeValidationRecords } from "../certificates/validation-records.ts";
import { domainZones, levelOf, type DomainNames } from "../dns/domain-zones.ts";
import type { ZoneAccess } from "../dns/zones.ts";
import { readAllAliases } from "../lambda/aliases.ts";
import type { CustomResource, Made, Work } from "../lambda/custom-resource.ts";
import { readOptionalText, readText, type ResourceProperties } from "../lambda/event.ts";

/** The calls that the function makes. */
export interface EnvironmentCertificateCalls {
  readonly zones: ZoneAccess;
  readonly certificatesIn: CertificatesIn;
}

const ATTEMPTS_UNTIL_UNUSED = 10;

/** Makes and validates an environment's certificate: its subdomain, everything one level below, and all aliases of workloads. */
export function environmentCertificate(calls: EnvironmentCertificateCalls): CustomResource {
  return {
    deadlineMinutes: 14.5,
    physicalResourceId: (event) => event.PhysicalResourceId ?? event.LogicalResourceId,
    create: (work) => make(calls, work),
    update: (work) => {
      const { ResourceProperties: properties, OldResourceProperties: old, PhysicalResourceId: arn } = work.event;
      if (arn !== undefined && isOfOldTemplate(properties)) return Promise.resolve({ data: { Arn: arn } });
      const names = toDomainNames(properties);
      const isSame = old !== undefined && sortedAliases(old, names) === sortedAliases(properties, names);
      return isSame && arn !== undefined ? Promise.resolve({ data: { Arn: arn } }) : make(calls, work);
    },
    delete: async ({ event, wait }) => {
      const arn = event.PhysicalResourceId;
      if (arn === undefined || !arn.startsWith("arn:")) return;
      const certificates = calls.certificatesIn(readOptionalText(event.ResourceProperties, "Region"));
      const unused = await untilUnused(certificates, { arn, attempts: ATTEMPTS_UNTIL_UNUSED }, wait);
      if (unused === undefined) return;
      const unshared = await unsharedValidations(certificates, unused);
      if (!isOfOldTemplate(event.ResourceProperties)) await removeValidationRecords(zonesOf(calls, event.ResourceProperties), unshared);
      await certificates.delete(arn);
    },
  };
}

async function make(calls: EnvironmentCertificateCalls, { event, nameResource, wait }: Work): Promise<Made> {
  const { ResourceProperties: properties } = event;
  const certificates = calls.certificatesIn(readOptionalText(properties, "Region"));
  const names = namesOf(properties);
  const arn = await certificates.request({
    domainName: certificateDomain(toDomainNames(properties)),
    alternativeNames: names,
    idempotencyToken: createHash("sha256").update(event.RequestId).digest("hex").slice(0, 32),
    tags: { "copilot-application": readText(properties, "AppName"), "copilot-environment": readText(properties, "EnvName") },
  });
  nameResource(arn);
  const validations = await untilRecordsKnown(certificates, { arn, names }, wait);
  await writeValidationRecords(zonesOf(calls, properties), validations);
  await certificates.untilValidated(arn);
  return { physicalResourceId: arn, data: { Arn: arn } };
}

/**
 * Templates before 1.8 say the whole domain, but not which application and environment it is. A rollback to one keeps the certificate, and
 * the deletion of one leaves the records, which the certificate that replaced it needs too.
 */
const isOfOldTemplate = (properties: ResourceProperties): boolean => readOptionalText(properties, "EnvName") === undefined;

function toDomainNames(properties: ResourceProperties): DomainNames {
  return {
    environment: readText(properties, "EnvName"),
    application: readText(properties, "AppName"),
    domain: readText(properties, "DomainName"),
  };
}

const certificateDomain = ({ environment, application, domain }: DomainNames): string => `${environment}.${application}.${domain}`;

/** All names of the certificate. */
function namesOf(properties: ResourceProperties): readonly string[] {
  const names = toDomainNames(properties);
  const domain = certificateDomain(names);
  return [...new Set([domain, `*.${domain}`, ...aliasesWithin(properties, names)])];
}

/** Aliases outside of the application's domains cannot be proved here and are left out. */
function aliasesWithin(properties: ResourceProperties, names: DomainNames): readonly string[] {
  return readAllAliases(properties).filter((alias) => levelOf(alias, names) !== undefined);
}

/** What tells whether another certificate is needed. The domain is that of the environment for good, though old templates write it otherwise. */
const sortedAliases = (properties: ResourceProperties, names: DomainNames): string => aliasesWithin(properties, names).toSorted().join(",");

function zonesOf(calls: EnvironmentCertificateCalls, properties: ResourceProperties): ReturnType<typeof domainZones> {
  return domainZones({
    names: toDomainNames(properties),
    own: calls.zones.own,
    delegated: () => calls.zones.assuming(readText(properties, "RootDNSRole")),
    environmentZoneId: readOptionalText(properties, "EnvHostedZoneId"),
  });
}

/** Validations whose records no other certificate of the same domain lives on: the one that replaces this certificate has most of them. */
async function unsharedValidations(certificates: Certificates, old: Certificate): Promise<Certificate["validations"]> {
  const others = (await certificates.list()).filter(({ arn, domainName }) => domainName === old.domainName && arn !== old.arn);
  const described = await Promise.all(others.map(({ arn }) => certificates.describe(arn)));
  const needed = new Set(
    described.flatMap((certificate) =>
      (certificate?.validations ?? []).flatMap(({ record }) => (record === undefined ? [] : [recordKey(record)])),
    ),
  );
  return old.validations.filter(({ record }) => record !== undefined && !needed.has(recordKey(record)));
}
