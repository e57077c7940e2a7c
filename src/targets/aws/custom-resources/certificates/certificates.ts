import { attempt, doublingAttempts, evenAttempts, type Wait } from "../lambda/wait.ts";

/** A name of a certificate, and the record that proves its possession once ACM has thought of one. */
export interface Validation {
  readonly domainName: string;
  readonly record: ValidationRecord | undefined;
}

/** A record that ACM looks for. */
export interface ValidationRecord {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** A certificate as it stands. */
export interface Certificate {
  readonly arn: string;
  readonly domainName: string;
  readonly alternativeNames: readonly string[];
  /** ARNs of what uses it. */
  readonly inUseBy: readonly string[];
  readonly validations: readonly Validation[];
}

/** A certificate to be made. */
export interface CertificateRequest {
  readonly domainName: string;
  readonly alternativeNames: readonly string[];
  /** Requests with the same token within an hour give the same certificate. */
  readonly idempotencyToken: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The calls of ACM that the functions make, in one region. */
export interface Certificates {
  readonly request: (request: CertificateRequest) => Promise<string>;
  /** `undefined` when there is no such certificate. */
  readonly describe: (arn: string) => Promise<Certificate | undefined>;
  /** One that is gone already is as good as deleted. */
  readonly delete: (arn: string) => Promise<void>;
  /** Resolves once ACM has seen the records; rejects when it takes too long. */
  readonly untilValidated: (arn: string) => Promise<void>;
  readonly list: () => Promise<readonly { readonly arn: string; readonly domainName: string }[]>;
}

/** ACM in a region; the function's own when none is named. */
export type CertificatesIn = (region?: string) => Certificates;

const ATTEMPTS_FOR_RECORDS = 10;

/** Waits until ACM has thought of a record for each of `names`, and gives all validations. */
export async function untilRecordsKnown(
  certificates: Certificates,
  wanted: { readonly arn: string; readonly names: readonly string[] },
  wait: Wait,
): Promise<readonly Validation[]> {
  const names = new Set(wanted.names.map((name) => name.toLowerCase()));
  const validations = await attempt(doublingAttempts(ATTEMPTS_FOR_RECORDS), wait, async () => {
    const certificate = await certificates.describe(wanted.arn);
    const known = (certificate?.validations ?? []).filter(({ record }) => record !== undefined);
    const ready = new Set(known.map(({ domainName }) => domainName.toLowerCase()));
    return [...names].every((name) => ready.has(name)) ? known : undefined;
  });
  if (validations === undefined)
    throw new Error(`The validation records of the certificate are not ready after ${ATTEMPTS_FOR_RECORDS} tries`);
  return validations;
}

const MILLISECONDS_UNTIL_UNUSED = 30_000;

/** Waits until nothing uses a certificate; `undefined` when it is gone. */
export async function untilUnused(
  certificates: Certificates,
  awaited: { readonly arn: string; readonly attempts: number },
  wait: Wait,
): Promise<Certificate | undefined> {
  let users: readonly string[] = [];
  const answer = await attempt(evenAttempts(awaited.attempts, MILLISECONDS_UNTIL_UNUSED), wait, async () => {
    const certificate = await certificates.describe(awaited.arn);
    users = certificate?.inUseBy ?? [];
    return users.length === 0 ? { certificate } : undefined;
  });
  if (answer === undefined) {
    throw new Error(`Certificate still in use by ${users.join(", ")} after checking for ${awaited.attempts} attempts`);
  }
  return answer.certificate;
}

/** A key by which equal validation records of different certificates are told to be the same one. */
export function recordKey({ name, value }: ValidationRecord): string {
  return `${name.toLowerCase()} ${value.toLowerCase()}`;
}

/** The validations with a record, each record once: a domain and its wildcard share theirs. */
export function distinctRecords(
  validations: readonly Validation[],
): readonly { readonly domainName: string; readonly record: ValidationRecord }[] {
  const byKey = new Map<string, { domainName: string; record: ValidationRecord }>();
  for (const { domainName, record } of validations) {
    if (record !== undefined && !byKey.has(recordKey(record))) byKey.set(recordKey(record), { domainName, record });
  }
  return [...byKey.values()];
}
