import {
  AppRunnerClient,
  AssociateCustomDomainCommand,
  DescribeCustomDomainsCommand,
  DisassociateCustomDomainCommand,
  paginateDescribeCustomDomains,
  type CustomDomain,
} from "@aws-sdk/client-apprunner";
import { route53Access } from "../dns/route53-zones.ts";
import { toHandler } from "../lambda/custom-resource.ts";
import { messageOf } from "../lambda/message-of.ts";
import { appRunnerCustomDomain, type AppRunnerDomains, type AssociatedDomain } from "./app-runner-custom-domain.ts";

/** The calls, made by a client. */
export function appRunnerDomains(client: AppRunnerClient): AppRunnerDomains {
  return {
    associate: async (ServiceArn, domain) => {
      try {
        const { DNSTarget: target = "" } = await client.send(new AssociateCustomDomainCommand({ ServiceArn, DomainName: domain }));
        return target;
      } catch (error) {
        if (!messageOf(error).includes(`${domain} is already associated with`)) throw error;
        const { DNSTarget: target = "" } = await client.send(new DescribeCustomDomainsCommand({ ServiceArn }));
        return target;
      }
    },
    find: async (ServiceArn, domain) => {
      try {
        for await (const { CustomDomains: page = [] } of paginateDescribeCustomDomains({ client }, { ServiceArn })) {
          const found = page.find(({ DomainName: name }) => name === domain);
          if (found !== undefined) return toAssociatedDomain(found);
        }
        return undefined;
      } catch (error) {
        if (isGone(error)) return undefined;
        throw error;
      }
    },
    disassociate: async (ServiceArn, domain) => {
      try {
        const input = { ServiceArn, DomainName: domain };
        const { DNSTarget: target = "", CustomDomain: found } = await client.send(new DisassociateCustomDomainCommand(input));
        return { ...toAssociatedDomain(found ?? {}), target };
      } catch (error) {
        if (isGone(error) || messageOf(error).includes(`No custom domain ${domain} found for the provided service`)) return undefined;
        throw error;
      }
    },
  };
}

const isGone = (error: unknown): boolean => error instanceof Error && error.name === "ResourceNotFoundException";

function toAssociatedDomain({ Status: status, CertificateValidationRecords: records = [] }: Partial<CustomDomain>): AssociatedDomain {
  return {
    status: status ?? "unknown",
    validationRecords: records.map(({ Name: name = "", Type: type = "CNAME", Value: value = "" }) => ({ name, type, value })),
  };
}

/** A removal is watched for minutes, and no single refusal shall fail the deletion of a stack. */
const MAX_ATTEMPTS = 10;

/** What Lambda calls. */
export const handler = toHandler(
  appRunnerCustomDomain(appRunnerDomains(new AppRunnerClient({ maxAttempts: MAX_ATTEMPTS })), route53Access()),
);
