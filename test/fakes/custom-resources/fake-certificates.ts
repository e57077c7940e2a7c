import type { Certificate, CertificateRequest, Certificates } from "../../../src/targets/aws/custom-resources/certificates/certificates.ts";

interface Stored {
  readonly request: CertificateRequest;
  certificate: Certificate;
  /** Looks after which ACM has thought of the records. */
  looksUntilRecords: number;
  /** Looks after which nothing uses the certificate any more. */
  looksUntilUnused: number;
}

/** Certificates that behave as ACM does: records come after a while, and the same token gives the same certificate. */
export class FakeCertificates implements Certificates {
  readonly stored = new Map<string, Stored>();
  readonly deleted: string[] = [];
  readonly region: string;
  looksUntilRecords = 0;
  validationFailure: Error | undefined;

  constructor(region = "us-west-2") {
    this.region = region;
  }

  readonly request = (request: CertificateRequest): Promise<string> => {
    const existing = [...this.stored].find(
      ([
        ,
        {
          request: { idempotencyToken },
        },
      ]) => idempotencyToken === request.idempotencyToken,
    );
    if (existing !== undefined) return Promise.resolve(existing[0]);
    return Promise.resolve(this.add(request));
  };

  /** Puts a certificate there, as if it had been requested before. */
  add(request: CertificateRequest, usedForLooks = 0): string {
    const arn = `arn:aws:acm:${this.region}:123456789012:certificate/${this.stored.size + this.deleted.length + 1}`;
    const names = [...new Set([request.domainName, ...request.alternativeNames])];
    const validations = names.map((domainName) => ({ domainName, record: recordFor(domainName) }));
    const { domainName, alternativeNames } = request;
    const certificate = { arn, domainName, alternativeNames, inUseBy: [], validations };
    this.stored.set(arn, { request, certificate, looksUntilRecords: this.looksUntilRecords, looksUntilUnused: usedForLooks });
    return arn;
  }

  readonly describe = (arn: string): Promise<Certificate | undefined> => {
    const stored = this.stored.get(arn);
    if (stored === undefined) return Promise.resolve(undefined);
    const { certificate } = stored;
    const hasRecords = stored.looksUntilRecords-- <= 0;
    const isUsed = stored.looksUntilUnused-- > 0;
    return Promise.resolve({
      ...certificate,
      inUseBy: isUsed ? ["arn:load-balancer"] : [],
      validations: certificate.validations.map((each) => (hasRecords ? each : { ...each, record: undefined })),
    });
  };

  readonly delete = (arn: string): Promise<void> => {
    if (this.stored.delete(arn)) this.deleted.push(arn);
    return Promise.resolve();
  };

  readonly untilValidated = (): Promise<void> =>
    this.validationFailure === undefined ? Promise.resolve() : Promise.reject(this.validationFailure);

  readonly list = (): Promise<readonly { arn: string; domainName: string }[]> =>
    Promise.resolve([...this.stored.values()].map(({ certificate: { arn, domainName } }) => ({ arn, domainName })));
}

/** A domain and its wildcard share one record, as with ACM. */
export function recordFor(domainName: string) {
  const name = domainName.replace(/^\*\./, "");
  return { name: `_check.${name}`, type: "CNAME", value: `proof-of-${name}.acm.example` };
}
