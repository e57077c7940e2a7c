import type { Answer, Question } from "dns-packet";
import { isInSubnet } from "./environment-subnet.ts";

/** A name with what answers at it now. */
export interface ZoneEntry {
  readonly addresses: readonly string[];
  readonly port?: number;
}

/** The names that the tasks of one environment know: who asks is told apart by subnet. */
export interface ZoneEnvironment {
  readonly subnet: string;
  readonly names: Readonly<Record<string, ZoneEntry>>;
}

/** All that the name server answers. */
export interface Zone {
  /** Grows with every change; asked for as {@link serialName}. */
  readonly serial: number;
  readonly environments: readonly ZoneEnvironment[];
}

/** The name whose text is the serial of the zone that is being answered. */
export const serialName = "serial.copilot";

/** Names that are not ours are asked elsewhere. */
export type Lookup =
  | { readonly kind: "answers"; readonly answers: readonly Answer[] }
  | { readonly kind: "unknown" }
  | { readonly kind: "elsewhere" };

/** Answers are not kept: the next one may be another task. */
const ttl = 0;

/** A random order, so that callers spread over tasks. */
function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function answersFor({ type, name }: Question, entry: ZoneEntry, random: () => number): readonly Answer[] {
  const addresses = shuffled(entry.addresses, random);
  if (type === "A") return addresses.map((data) => ({ type: "A", name, ttl, data }));
  if (type === "SRV" && entry.port !== undefined && addresses.length > 0)
    return [{ type: "SRV", name, ttl, data: { port: entry.port, target: name, priority: 1, weight: 1 } }];
  return [];
}

/** What a question from an address is answered with. Names in one part and names of the namespace `.local` are nobody else's. */
export function lookUp(zone: Zone, question: Question, from: { readonly address: string; readonly random: () => number }): Lookup {
  const name = question.name.toLowerCase().replace(/\.$/, "");
  if (name === serialName) return { kind: "answers", answers: [{ type: "TXT", name, ttl, data: String(zone.serial) }] };
  const own = zone.environments.find(({ subnet }) => isInSubnet(from.address, subnet));
  const entry = own !== undefined && Object.hasOwn(own.names, name) ? own.names[name] : undefined;
  if (entry !== undefined) return { kind: "answers", answers: answersFor(question, entry, from.random) };
  return !name.includes(".") || name.endsWith(".local") || name.endsWith(".copilot") ? { kind: "unknown" } : { kind: "elsewhere" };
}

const isEntry = (value: unknown): value is ZoneEntry =>
  typeof value === "object" && value !== null && "addresses" in value && Array.isArray(value.addresses);

const isEnvironment = (value: unknown): value is ZoneEnvironment =>
  typeof value === "object" &&
  value !== null &&
  "subnet" in value &&
  typeof value.subnet === "string" &&
  "names" in value &&
  typeof value.names === "object" &&
  value.names !== null &&
  Object.values(value.names).every(isEntry);

/** A zone out of its file; `undefined` for anything else. */
export function readZone(text: string): Zone | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("serial" in value) || !("environments" in value)) return undefined;
  const { serial, environments } = value;
  if (typeof serial !== "number" || !Array.isArray(environments) || !environments.every(isEnvironment)) return undefined;
  return { serial, environments };
}
