import { plainName, type DnsRecord, type DnsZones, type ZoneAccess } from "../../../src/targets/aws/custom-resources/dns/zones.ts";

/** Zones that behave as Route 53 does: a name and type has one record, and only an exact copy of it can be deleted. */
export class FakeZones implements DnsZones {
  readonly records = new Map<string, Map<string, DnsRecord>>();
  readonly domains = new Map<string, string>();
  failure: Error | undefined;

  constructor(zones: Readonly<Record<string, string>>) {
    for (const [domain, zoneId] of Object.entries(zones)) {
      this.domains.set(plainName(domain), zoneId);
      this.records.set(zoneId, new Map());
    }
  }

  readonly findZone = (domain: string): Promise<string | undefined> => this.#answer(() => this.domains.get(plainName(domain)));

  readonly findRecord = (zoneId: string, name: string, type?: string): Promise<DnsRecord | undefined> =>
    this.#answer(() =>
      [...this.#zone(zoneId).values()].find((record) => record.name === plainName(name) && (type === undefined || record.type === type)),
    );

  readonly upsert = (zoneId: string, record: DnsRecord): Promise<void> =>
    this.#answer(() => void this.#zone(zoneId).set(keyOf(record), normal(record)));

  readonly remove = (zoneId: string, record: DnsRecord): Promise<"removed" | "absent" | "different"> =>
    this.#answer(() => {
      const existing = this.#zone(zoneId).get(keyOf(record));
      if (existing === undefined) return "absent";
      if (JSON.stringify(existing) !== JSON.stringify(normal(record))) return "different";
      this.#zone(zoneId).delete(keyOf(record));
      return "removed";
    });

  /** Names and types of the records of a zone, sorted. */
  namesIn(zoneId: string): readonly string[] {
    return [...this.#zone(zoneId).values()].map(({ name, type }) => `${type} ${name}`).toSorted();
  }

  async #answer<T>(answer: () => T): Promise<T> {
    if (this.failure !== undefined) throw this.failure;
    return answer();
  }

  #zone(zoneId: string): Map<string, DnsRecord> {
    const zone = this.records.get(zoneId);
    if (zone === undefined) throw new Error(`No hosted zone found with ID: ${zoneId}`);
    return zone;
  }
}

const keyOf = ({ name, type }: DnsRecord): string => `${type} ${plainName(name)}`;

const normal = (record: DnsRecord): DnsRecord => ({ ...record, name: plainName(record.name) });

/** An environment's own account with its zone, and the application's account behind its role. */
export class FakeAccounts implements ZoneAccess {
  readonly own = new FakeZones({ "test.demo.example.com": "Z-ENV" });
  readonly application = new FakeZones({ "demo.example.com": "Z-APP", "example.com": "Z-ROOT" });
  readonly assumedRoles: string[] = [];

  readonly assuming = (roleArn: string): DnsZones => {
    this.assumedRoles.push(roleArn);
    return this.application;
  };
}
