import { requireZone, type domainZones } from "../dns/domain-zones.ts";
import { valueRecord } from "../dns/zones.ts";
import { distinctRecords, type Validation } from "./certificates.ts";

type FindZone = ReturnType<typeof domainZones>;

/** Writes the records which prove that the names of a certificate are ours. */
export async function writeValidationRecords(find: FindZone, validations: readonly Validation[]): Promise<void> {
  await Promise.all(
    distinctRecords(validations).map(async ({ domainName, record }) => {
      const { zones, zoneId } = await requireZone(find, domainName);
      await zones.upsert(
        zoneId,
        valueRecord(record.name, record.type, record.value),
        `Validate the certificate for the alias ${domainName}`,
      );
    }),
  );
}

/** Deletes such records. Those of names outside of the application's domains were not written by us. */
export async function removeValidationRecords(find: FindZone, validations: readonly Validation[]): Promise<void> {
  await Promise.all(
    distinctRecords(validations).map(async ({ domainName, record }) => {
      const zone = await find(domainName);
      const comment = `Delete the validation record for ${domainName}`;
      if (zone !== undefined) await zone.zones.remove(zone.zoneId, valueRecord(record.name, record.type, record.value), comment);
    }),
  );
}
