import { getAtt, ref, region, sub } from "../../cloudformation/intrinsics.ts";
import { policyDocument } from "../../cloudformation/policy.ts";
import { customResource, resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import type { EnvironmentFacts } from "../../environment-facts.ts";
import { lambdaFunction } from "./lambda-function.ts";
import { boundaryArn } from "../permissions-boundary.ts";

const condition = "DelegateDNS";

/** CloudFront's own hosted zone, the same for every distribution: https://docs.aws.amazon.com/general/latest/gr/cf_region.html */
const cloudFrontZone = "Z2FDTNDATAQYW2";

/** The zone, certificate and records of an environment whose application has a domain; `hasCdn` sends aliases to CloudFront. */
export function domain(facts: EnvironmentFacts, hasCdn: boolean): Resources {
  return { ...customResourceRole(facts), ...functions(facts), ...zone(), ...certificate(), ...aliasRecords(hasCdn) };
}

const customResourceRole = (facts: EnvironmentFacts): Resources => ({
  CustomResourceRole: resource(
    "AWS::IAM::Role",
    {
      AssumeRolePolicyDocument: policyDocument({
        ...assumedByLambda,
        Action: ["sts:AssumeRole"],
      }),
      PermissionsBoundary: boundaryArn(facts.application.permissionsBoundary),
      Path: "/",
      Policies: [
        {
          PolicyName: "DNSandACMAccess",
          PolicyDocument: policyDocument({ Effect: "Allow", Action: dnsActions, Resource: ["*"] }),
        },
      ],
    },
    { description: "The role of the functions that manage certificates and hosted zones", condition },
  ),
});

const assumedByLambda = { Effect: "Allow", Principal: { Service: ["lambda.amazonaws.com"] } } as const;

const dnsActions = [
  "acm:ListCertificates",
  "acm:RequestCertificate",
  "acm:DescribeCertificate",
  "acm:GetCertificate",
  "acm:DeleteCertificate",
  "acm:AddTagsToCertificate",
  "sts:AssumeRole",
  "logs:*",
  "route53:ChangeResourceRecordSets",
  "route53:Get*",
  "route53:Describe*",
  "route53:ListResourceRecordSets",
  "route53:ListHostedZonesByName",
];

const functions = ({ functions: code }: EnvironmentFacts): Resources => ({
  CertificateValidationFunction: lambdaFunction({
    code: code.CertificateValidationFunction,
    handler: "certificateRequestHandler",
    timeout: 900,
    role: "CustomResourceRole",
    condition,
  }),
  CustomDomainFunction: lambdaFunction({
    code: code.CustomDomainFunction,
    handler: "handler",
    timeout: 600,
    role: "CustomResourceRole",
    condition: "ManagedAliases",
  }),
  DNSDelegationFunction: lambdaFunction({
    code: code.DNSDelegationFunction,
    handler: "domainDelegationHandler",
    timeout: 600,
    role: "CustomResourceRole",
    condition,
  }),
});

const zone = (): Resources => ({
  EnvironmentHostedZone: resource(
    "AWS::Route53::HostedZone",
    {
      HostedZoneConfig: {
        Comment: sub("HostedZone for environment ${EnvironmentName} - ${EnvironmentName}.${AppName}.${AppDNSName}"),
      },
      Name: sub("${EnvironmentName}.${AppName}.${AppDNSName}"),
    },
    { description: "The hosted zone of the environment's subdomain", condition },
  ),
  DelegateDNSAction: customResource(
    "DNSDelegationFunction",
    {
      ServiceToken: getAtt("DNSDelegationFunction", "Arn"),
      DomainName: sub("${AppName}.${AppDNSName}"),
      SubdomainName: sub("${EnvironmentName}.${AppName}.${AppDNSName}"),
      NameServers: getAtt("EnvironmentHostedZone", "NameServers"),
      RootDNSRole: ref("AppDNSDelegationRole"),
    },
    {
      description: "Points the application's zone to the environment's",
      condition,
      dependsOn: ["DNSDelegationFunction", "EnvironmentHostedZone"],
    },
  ),
});

const certificate = (): Resources => ({
  HTTPSCert: customResource(
    "CertificateValidationFunction",
    {
      ServiceToken: getAtt("CertificateValidationFunction", "Arn"),
      AppName: ref("AppName"),
      EnvName: ref("EnvironmentName"),
      DomainName: ref("AppDNSName"),
      Aliases: ref("Aliases"),
      EnvHostedZoneId: ref("EnvironmentHostedZone"),
      Region: region,
      RootDNSRole: ref("AppDNSDelegationRole"),
    },
    {
      description: "The certificate of the environment's subdomain and aliases",
      condition,
      dependsOn: ["CertificateValidationFunction", "EnvironmentHostedZone", "DelegateDNSAction"],
    },
  ),
});

const aliasRecords = (hasCdn: boolean): Resources => ({
  CustomDomainAction: customResource(
    "CustomDomainFunction",
    {
      ServiceToken: getAtt("CustomDomainFunction", "Arn"),
      AppName: ref("AppName"),
      EnvName: ref("EnvironmentName"),
      Aliases: ref("Aliases"),
      AppDNSRole: ref("AppDNSDelegationRole"),
      DomainName: ref("AppDNSName"),
      PublicAccessDNS: hasCdn ? getAtt("CloudFrontDistribution", "DomainName") : getAtt("PublicLoadBalancer", "DNSName"),
      PublicAccessHostedZone: hasCdn ? cloudFrontZone : getAtt("PublicLoadBalancer", "CanonicalHostedZoneID"),
    },
    { description: "The records of the services' aliases", condition: "ManagedAliases" },
  ),
});
