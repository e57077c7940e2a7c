import { createHash } from "node:crypto";
import { untilUnused, type CertificatesIn } from "../certificates/certificates.ts";
import type { CustomResource, Made, Work } from "../lambda/custom-resource.ts";
import { readText } from "../lambda/event.ts";

const ATTEMPTS_UNTIL_UNUSED = 10;

/**
 * Makes the environment's certificate a second time in the region that CloudFront reads. Both are validated by the same records, which
 * the environment's certificate has written.
 */
export function certificateReplicator(certificatesIn: CertificatesIn): CustomResource {
  const replicate = async ({ event, nameResource }: Work): Promise<Made> => {
    const { ResourceProperties: properties } = event;
    const source = readText(properties, "CertificateArn");
    const original = await certificatesIn(readText(properties, "EnvRegion")).describe(source);
    if (original === undefined) throw new Error(`Certificate ${source} does not exist`);
    const target = certificatesIn(readText(properties, "TargetRegion"));
    const arn = await target.request({
      domainName: original.domainName,
      alternativeNames: original.alternativeNames,
      idempotencyToken: createHash("sha256").update(event.RequestId).digest("hex").slice(0, 32),
      tags: { "copilot-application": readText(properties, "AppName"), "copilot-environment": readText(properties, "EnvName") },
    });
    nameResource(arn);
    await target.untilValidated(arn);
    return { physicalResourceId: arn, data: { Arn: arn } };
  };
  return {
    deadlineMinutes: 14.5,
    physicalResourceId: (event) => event.PhysicalResourceId ?? event.LogicalResourceId,
    create: replicate,
    update: replicate,
    delete: async ({ event, wait }) => {
      const arn = event.PhysicalResourceId;
      if (arn === undefined || !arn.startsWith("arn:")) return;
      const target = certificatesIn(readText(event.ResourceProperties, "TargetRegion"));
      const unused = await untilUnused(target, { arn, attempts: ATTEMPTS_UNTIL_UNUSED }, wait);
      if (unused !== undefined) await target.delete(arn);
    },
  };
}
