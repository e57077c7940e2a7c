import {
  ChangeResourceRecordSetsCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  waitUntilResourceRecordSetsChanged,
  type ChangeAction,
  type ResourceRecordSet,
  type RRType,
} from "@aws-sdk/client-route-53";
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { messageOf } from "../lambda/message-of.ts";
import { isSameName, plainName, type DnsRecord, type DnsZones, type ZoneAccess } from "./zones.ts";

/** Seconds to wait for a change to reach all name servers, and between two looks. */
const PROPAGATION = { maxWaitTime: 300, minDelay: 5, maxDelay: 30 } as const;

/** Route 53 takes five requests a second from an account, and an environment may have dozens of aliases. */
const MAX_ATTEMPTS = 10;

/** Zones by Route 53, with the function's role and with roles that it assumes. */
export function route53Access(): ZoneAccess {
  const byRole = new Map<string, DnsZones>();
  return {
    own: route53Zones(new Route53Client({ maxAttempts: MAX_ATTEMPTS })),
    // One client a role: each would assume the role for itself.
    assuming: (roleArn) => {
      const zones = byRole.get(roleArn) ?? assumingZones(roleArn);
      byRole.set(roleArn, zones);
      return zones;
    },
  };
}

function assumingZones(roleArn: string): DnsZones {
  const credentials = fromTemporaryCredentials({ params: { RoleArn: roleArn }, clientConfig: { maxAttempts: MAX_ATTEMPTS } });
  return route53Zones(new Route53Client({ maxAttempts: MAX_ATTEMPTS, credentials }));
}

/** The calls, made by a client. */
export function route53Zones(client: Route53Client): DnsZones {
  return {
    findZone: async (domain) => {
      const { HostedZones: zones = [] } = await client.send(new ListHostedZonesByNameCommand({ DNSName: domain }));
      const zone = zones.find(({ Name: name = "", Config: config }) => isSameName(name, domain) && config?.PrivateZone !== true);
      return zone?.Id?.split("/").pop();
    },
    findRecord: async (zoneId, name, type) => {
      const start = type === undefined ? { StartRecordName: name } : { StartRecordName: name, StartRecordType: toRecordType(type) };
      const { ResourceRecordSets: sets = [] } = await client.send(
        new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, MaxItems: 1, ...start }),
      );
      const [set] = sets;
      const record = set === undefined ? undefined : toRecord(set);
      return record !== undefined && isSameName(record.name, name) && (type === undefined || record.type === type) ? record : undefined;
    },
    upsert: (zoneId, record, comment) => change(client, zoneId, { action: "UPSERT", record, comment }),
    remove: async (zoneId, record, comment) => {
      try {
        await change(client, zoneId, { action: "DELETE", record, comment });
        return "removed";
      } catch (error) {
        const message = messageOf(error);
        if (!message.includes("Tried to delete resource record set")) throw error;
        if (message.includes("but it was not found")) return "absent";
        if (message.includes("but the values provided do not match the current values")) return "different";
        throw error;
      }
    },
  };
}

interface Change {
  readonly action: ChangeAction;
  readonly record: DnsRecord;
  readonly comment: string | undefined;
}

async function change(client: Route53Client, zoneId: string, { action, record, comment }: Change): Promise<void> {
  const batch = { Comment: comment, Changes: [{ Action: action, ResourceRecordSet: toRecordSet(record) }] };
  const { ChangeInfo: info } = await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: batch }));
  await waitUntilResourceRecordSetsChanged({ client, ...PROPAGATION }, { Id: info?.Id });
}

function toRecordSet({ name, type, content }: DnsRecord): ResourceRecordSet {
  const set = { Name: name, Type: toRecordType(type) };
  if (content.kind === "values") return { ...set, TTL: content.ttl, ResourceRecords: content.values.map((Value) => ({ Value })) };
  return { ...set, AliasTarget: { DNSName: content.dnsName, HostedZoneId: content.hostedZoneId, EvaluateTargetHealth: true } };
}

function toRecord(set: ResourceRecordSet): DnsRecord {
  const { Name: name = "", Type: type = "", AliasTarget: alias, TTL: ttl = 0, ResourceRecords: values = [] } = set;
  const place = { name: plainName(name), type };
  if (alias !== undefined) {
    return { ...place, content: { kind: "alias", dnsName: plainName(alias.DNSName ?? ""), hostedZoneId: alias.HostedZoneId ?? "" } };
  }
  return { ...place, content: { kind: "values", ttl, values: values.map(({ Value: value = "" }) => value) } };
}

const RECORD_TYPES = ["A", "AAAA", "CNAME", "NS", "TXT"] as const;

function toRecordType(type: string): RRType {
  const known = RECORD_TYPES.find((each) => each === type);
  if (known === undefined) throw new Error(`Records of type ${type} are not written here`);
  return known;
}
