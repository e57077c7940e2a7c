import { pointsTo, requireZone, type domainZones } from "./domain-zones.ts";

/** Refuses host names that something else answers to already. `targets` are the names that the workload itself has or had. */
export async function refuseAliasesInUse(
  find: ReturnType<typeof domainZones>,
  aliases: readonly string[],
  targets: readonly (string | undefined)[],
): Promise<void> {
  await Promise.all(
    aliases.map(async (alias) => {
      const { zones, zoneId } = await requireZone(find, alias);
      const record = await zones.findRecord(zoneId, alias, "A");
      if (record === undefined || pointsTo(record, targets)) return;
      const { content } = record;
      const user = content.kind === "alias" ? ` by ${content.dnsName}. This could be another load balancer of a different service` : "";
      throw new Error(`Alias ${alias} is already in use${user}`);
    }),
  );
}
