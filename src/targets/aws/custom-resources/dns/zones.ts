/** What a record holds: values, or the name of something on AWS. */
export type RecordContent =
  | { readonly kind: "values"; readonly ttl: number; readonly values: readonly string[] }
  | { readonly kind: "alias"; readonly dnsName: string; readonly hostedZoneId: string };

/** A record of a hosted zone. Names have no dot at the end. */
export interface DnsRecord {
  readonly name: string;
  /** `A`, `CNAME`, `NS`, … */
  readonly type: string;
  readonly content: RecordContent;
}

/** What came of a deletion. `different` means that a record of that name and type says something else: it is not ours. */
export type Removal = "removed" | "absent" | "different";

/** The calls of Route 53 that the functions make, as one principal. */
export interface DnsZones {
  /** ID of the public zone of exactly this name. */
  readonly findZone: (domain: string) => Promise<string | undefined>;
  /** The record of this name, of any type when none is given. */
  readonly findRecord: (zoneId: string, name: string, type?: string) => Promise<DnsRecord | undefined>;
  /** Creates or replaces a record and waits until all name servers know it. */
  readonly upsert: (zoneId: string, record: DnsRecord, comment?: string) => Promise<void>;
  /** Deletes a record that says exactly this, and waits likewise. */
  readonly remove: (zoneId: string, record: DnsRecord, comment?: string) => Promise<Removal>;
}

/** The zones that a function may use: its own account's, and the application's by a role. */
export interface ZoneAccess {
  readonly own: DnsZones;
  readonly assuming: (roleArn: string) => DnsZones;
}

/** An alias record for something on AWS. */
export function aliasRecord(name: string, target: { readonly dnsName: string; readonly hostedZoneId: string }): DnsRecord {
  return { name, type: "A", content: { kind: "alias", ...target } };
}

/** Seconds that resolvers may keep the records which the functions write. */
export const RECORD_TTL = 60;

/** A record with one value. */
export function valueRecord(name: string, type: string, value: string): DnsRecord {
  return { name, type, content: { kind: "values", ttl: RECORD_TTL, values: [value] } };
}

/** Whether two DNS names are the same: case and a final dot do not count. */
export function isSameName(first: string, second: string): boolean {
  return plainName(first) === plainName(second);
}

/** A DNS name in lower case without a final dot. */
export function plainName(name: string): string {
  return name.replace(/\.$/, "").toLowerCase();
}
