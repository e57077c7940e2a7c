import {
  ACMClient,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  paginateListCertificates,
  RequestCertificateCommand,
  waitUntilCertificateValidated,
  type CertificateDetail,
} from "@aws-sdk/client-acm";
import type { Certificate, Certificates } from "./certificates.ts";

/** Seconds to wait for ACM to see the records, and between two looks. */
const VALIDATION = { maxWaitTime: 570, minDelay: 10, maxDelay: 30 } as const;

/** ACM in a region; the function's own when none is named. */
export function acmIn(region?: string): Certificates {
  return acmCertificates(new ACMClient(region === undefined ? {} : { region }));
}

/** The calls, made by a client. */
export function acmCertificates(client: ACMClient): Certificates {
  return {
    request: async ({ domainName, alternativeNames, idempotencyToken, tags }) => {
      const { CertificateArn: arn } = await client.send(
        new RequestCertificateCommand({
          DomainName: domainName,
          SubjectAlternativeNames: alternativeNames.length === 0 ? undefined : [...alternativeNames],
          IdempotencyToken: idempotencyToken,
          ValidationMethod: "DNS",
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        }),
      );
      if (arn === undefined) throw new Error(`No certificate was made for ${domainName}`);
      return arn;
    },
    describe: (arn) =>
      unlessGone(async () => {
        const { Certificate: detail } = await client.send(new DescribeCertificateCommand({ CertificateArn: arn }));
        return detail === undefined ? undefined : toCertificate(arn, detail);
      }),
    delete: async (arn) => {
      await unlessGone(() => client.send(new DeleteCertificateCommand({ CertificateArn: arn })));
    },
    untilValidated: async (arn) => {
      await waitUntilCertificateValidated({ client, ...VALIDATION }, { CertificateArn: arn });
    },
    list: async () => {
      const found: { arn: string; domainName: string }[] = [];
      for await (const { CertificateSummaryList: page = [] } of paginateListCertificates({ client }, {})) {
        found.push(...page.map(({ CertificateArn: arn = "", DomainName: domainName = "" }) => ({ arn, domainName })));
      }
      return found;
    },
  };
}

async function unlessGone<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
    throw error;
  }
}

function toCertificate(arn: string, detail: CertificateDetail): Certificate {
  return {
    arn,
    domainName: detail.DomainName ?? "",
    alternativeNames: detail.SubjectAlternativeNames ?? [],
    inUseBy: detail.InUseBy ?? [],
    validations: (detail.DomainValidationOptions ?? []).map(({ DomainName: domainName = "", ResourceRecord: record }) => ({
      domainName,
      record: record === undefined ? undefined : { name: record.Name ?? "", type: record.Type ?? "", value: record.Value ?? "" },
    })),
  };
}
