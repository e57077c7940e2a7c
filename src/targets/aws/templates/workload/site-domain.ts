import type { WorkloadSpec } from "../../../../model/workload-spec.ts";
import { getAtt, ref } from "../../cloudformation/intrinsics.ts";
import type { PolicyStatement } from "../../cloudformation/policy.ts";
import { customResource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { delegationRoleArn } from "../../workload-facts.ts";
import type { WorkloadFacts } from "../../workload-facts.ts";
import { requestCertificates } from "./certificate-statements.ts";
import { lambdaFunction } from "./lambda-function.ts";
import { environmentExport } from "./naming.ts";
import { lambdaRole, rolePolicy } from "./roles.ts";

/** The hosted zone of all of CloudFront's names. */
const cloudFrontZone = "Z2FDTNDATAQYW2";

/** The records and the certificate of a site's name in the application's domain. */
export function siteDomain(spec: WorkloadSpec, facts: WorkloadFacts, alias: string): Resources {
  const delegationRole = delegationRoleArn(facts, spec.application);
  const properties = {
    EnvHostedZoneId: environmentExport("HostedZone"),
    EnvName: ref("EnvName"),
    AppName: ref("AppName"),
    ServiceName: ref("WorkloadName"),
    RootDNSRole: delegationRole,
    DomainName: facts.application.domain ?? "",
    Aliases: [alias],
  };
  return {
    CustomDomainAction: customResource(
      "CustomDomainFunction",
      {
        ServiceToken: getAtt("CustomDomainFunction", "Arn"),
        PublicAccessHostedZoneID: cloudFrontZone,
        PublicAccessDNS: getAtt("CloudFrontDistribution", "DomainName"),
        ...properties,
      },
      { description: "Adds the records of your site's name" },
    ),
    CustomDomainFunction: lambdaFunction(facts, "CustomDomainFunction", { role: "CustomDomainRole" }),
    CustomDomainRole: lambdaRole(facts, {
      description: "An IAM role to change the records of your site's name",
      policies: [rolePolicy("CustomDomainPolicy", assume(delegationRole), changeRecords)],
    }),
    CertificateValidatorAction: customResource(
      "CertificateValidationFunction",
      { ServiceToken: getAtt("CertificateValidationFunction", "Arn"), ...properties, IsCloudFrontCertificate: true },
      { description: "Requests and validates the certificate of your site" },
    ),
    CertificateValidationFunction: lambdaFunction(facts, "CertificateValidationFunction", { role: "CertificateValidatorRole" }),
    CertificateValidatorRole: lambdaRole(facts, {
      description: "An IAM role to request and validate a certificate for your site",
      policies: [rolePolicy("CertValidatorPolicy", assume(delegationRole), ...validateByRecords, ...requestCertificates)],
    }),
  };
}

const assume = (role: string): PolicyStatement => ({
  Sid: "AllowAssumeRole",
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Resource: role,
});

const changeRecords: PolicyStatement = {
  Sid: "HostedZoneAccess",
  Effect: "Allow",
  Action: [
    "route53:ChangeResourceRecordSets",
    "route53:Get*",
    "route53:Describe*",
    "route53:ListResourceRecordSets",
    "route53:ListHostedZonesByName",
  ],
  Resource: "*",
};

const validateByRecords: readonly PolicyStatement[] = [
  { Sid: "HostedZoneUpdateAndWait", Effect: "Allow", Action: "route53:ChangeResourceRecordSets", Resource: "*" },
  { Sid: "HostedZoneRead", Effect: "Allow", Action: ["route53:ListResourceRecordSets", "route53:GetChange"], Resource: "*" },
];
