import { createHash } from "node:crypto";
import {
  recordKey,
  untilRecordsKnown,
  untilUnused,
  type Certificate,
  type Certificates,
  type CertificatesIn,
  type Validation,
} from "../certificates/certificates.ts";
import { removeValidationRecords, writeValidationRecords } from "../certificates/validation-records.ts";
import { refuseAliasesInUse } from "../dns/alias-use.ts";
import { domainZones, pointsTo } from "../dns/domain-zones.ts";
import type { ZoneAccess } from "../dns/zones.ts";
import type { CustomResource, Made, Work } from "../lambda/custom-resource.ts";
import { readFlag, readOptionalText, readText, readTexts, type ResourceProperties } from "../lambda/event.ts";

/** The calls that the function makes. */
export interface WorkloadCertificateCalls {
  readonly zones: ZoneAccess;
  readonly certificatesIn: CertificatesIn;
  /** ARNs of the certificates in a region with these tags. */
  readonly findCertificates: (tags: Readonly<Record<string, string>>, region: string | undefined) => Promise<readonly string[]>;
}

const ATTEMPTS_UNTIL_UNUSED = 12;

/** CloudFront reads certificates in this region only. */
const CLOUDFRONT_REGION = "us-east-1";

/** A workload's certificate, from its properties. */
interface Wanted {
  readonly region: string | undefined;
  /** The workload's own host name, the certificate's first. */
  readonly domainName: string;
  readonly aliases: readonly string[];
  /** The load balancer that the aliases point to; a distribution has none here. */
  readonly loadBalancer: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly service: string;
  readonly find: ReturnType<typeof domainZones>;
}

/** Makes and validates the certificate of a workload's own load balancer or distribution. */
export function workloadCertificate(calls: WorkloadCertificateCalls): CustomResource {
  return {
    deadlineMinutes: 14.5,
    physicalResourceId: (event) => event.PhysicalResourceId ?? event.LogicalResourceId,
    create: (work) => make(calls, work),
    update: async (work) => {
      const { ResourceProperties: properties, OldResourceProperties: old } = work.event;
      const isSame = old !== undefined && sortedAliases(readTexts(old, "Aliases")) === sortedAliases(readTexts(properties, "Aliases"));
      return isSame ? undefined : make(calls, work);
    },
    delete: async ({ event, wait }) => {
      const arn = event.PhysicalResourceId;
      if (arn === undefined || !arn.startsWith("arn:")) return;
      const wanted = toWanted(calls, event.ResourceProperties);
      const certificates = calls.certificatesIn(wanted.region);
      await removeValidationRecords(wanted.find, await unusedValidations(calls, wanted, arn));
      const unused = await untilUnused(certificates, { arn, attempts: ATTEMPTS_UNTIL_UNUSED }, wait);
      if (unused !== undefined) await certificates.delete(arn);
    },
  };
}

async function make(calls: WorkloadCertificateCalls, { event, nameResource, wait }: Work): Promise<Made> {
  const wanted = toWanted(calls, event.ResourceProperties);
  const certificates = calls.certificatesIn(wanted.region);
  await refuseAliasesInUse(wanted.find, wanted.aliases, [wanted.loadBalancer]);
  const arn = await certificates.request({
    domainName: wanted.domainName,
    alternativeNames: wanted.aliases,
    // As short as ACM wants it, and the same for the same names, so that a repeated request makes no second certificate.
    idempotencyToken: createHash("md5")
      .update(`/${wanted.service}/${sortedAliases(wanted.aliases)}`)
      .digest("hex"),
    tags: wanted.tags,
  });
  nameResource(arn);
  const validations = await untilRecordsKnown(certificates, { arn, names: [wanted.domainName, ...wanted.aliases] }, wait);
  await writeValidationRecords(wanted.find, validations);
  await certificates.untilValidated(arn);
  return { physicalResourceId: arn };
}

function toWanted(calls: WorkloadCertificateCalls, properties: ResourceProperties): Wanted {
  const service = readText(properties, "ServiceName");
  const environment = readText(properties, "EnvName");
  const application = readText(properties, "AppName");
  const domain = readText(properties, "DomainName");
  const isForCloudFront = readFlag(properties, "IsCloudFrontCertificate");
  return {
    region: isForCloudFront ? CLOUDFRONT_REGION : undefined,
    domainName: `${isForCloudFront ? service : `${service}-nlb`}.${environment}.${application}.${domain}`,
    aliases: [...new Set(readTexts(properties, "Aliases"))],
    loadBalancer: readOptionalText(properties, "LoadBalancerDNS"),
    tags: { "copilot-application": application, "copilot-environment": environment, "copilot-service": service },
    service,
    find: domainZones({
      names: { environment, application, domain },
      own: calls.zones.own,
      delegated: () => calls.zones.assuming(readText(properties, "RootDNSRole")),
      environmentZoneId: readOptionalText(properties, "EnvHostedZoneId"),
    }),
  };
}

const sortedAliases = (aliases: readonly string[]): string => [...new Set(aliases)].toSorted().join(",");

/** Validations of a certificate which neither another certificate of the workload nor another user of the name needs. */
async function unusedValidations(calls: WorkloadCertificateCalls, wanted: Wanted, arn: string): Promise<readonly Validation[]> {
  const certificates = calls.certificatesIn(wanted.region);
  const tagged = await describeAll(certificates, await calls.findCertificates(wanted.tags, wanted.region));
  const owned = tagged.find((each) => each.arn.toLowerCase() === arn.toLowerCase());
  // A list without the certificate itself lags behind, and may lack the one that now lives on the same records.
  if (owned === undefined) return [];
  const needed = new Set(
    tagged.flatMap((each) =>
      each === owned ? [] : each.validations.flatMap(({ record }) => (record === undefined ? [] : [recordKey(record)])),
    ),
  );
  const candidates = owned.validations.filter(({ record }) => record !== undefined && !needed.has(recordKey(record)));
  const isUnused = await Promise.all(candidates.map(({ domainName }) => isNameFree(wanted, domainName)));
  return candidates.filter((_, index) => isUnused[index]);
}

async function describeAll(certificates: Certificates, arns: readonly string[]): Promise<readonly Certificate[]> {
  const described = await Promise.all(arns.map((arn) => certificates.describe(arn)));
  return described.filter((each) => each !== undefined);
}

/** Whether nobody but the workload answers to a name; of names outside of the application's domains nothing is known. */
async function isNameFree({ find, loadBalancer }: Wanted, domainName: string): Promise<boolean> {
  const zone = await find(domainName);
  if (zone === undefined) return false;
  const record = await zone.zones.findRecord(zone.zoneId, domainName);
  return record === undefined || loadBalancer === undefined || pointsTo(record, [loadBalancer]);
}
