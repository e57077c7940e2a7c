import { ACMClient, DescribeCertificateCommand } from "@aws-sdk/client-acm";
import { clientSettings, type AwsConnection } from "./connection.ts";
import { calling } from "./to-problem.ts";

/** Reads certificates of Certificate Manager. */
export interface Certificates {
  /** The host names that a certificate is valid for, wildcards included. */
  readonly names: (arn: string) => Promise<readonly string[]>;
}

/** The certificates of a region. */
export function openCertificates(connection: AwsConnection): Certificates {
  const client = new ACMClient(clientSettings(connection));
  return {
    names: (arn) =>
      calling(`read the certificate ${arn}`, async () => {
        const { Certificate: found } = await client.send(new DescribeCertificateCommand({ CertificateArn: arn }));
        return [...new Set([found?.DomainName ?? "", ...(found?.SubjectAlternativeNames ?? [])])].filter((name) => name !== "");
      }),
  };
}
