import { getAtt, ref, sub } from "../../cloudformation/intrinsics.ts";
import type { PolicyStatement } from "../../cloudformation/policy.ts";
import { customResource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { delegationRoleArn } from "../../workload-facts.ts";
import { requestCertificates } from "./certificate-statements.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import { lambdaFunction } from "./lambda-function.ts";
import { environmentExport } from "./naming.ts";
import { lambdaRole, rolePolicy } from "./roles.ts";

const condition = "HasAssociatedDomain";

const assumeDelegationRole: PolicyStatement = { Sid: "AllowAssumeRole", Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" };

const changeEnvironmentZone: readonly PolicyStatement[] = [
  {
    Sid: "EnvHostedZoneUpdateAndWait",
    Effect: "Allow",
    Action: "route53:ChangeResourceRecordSets",
    Resource: sub("arn:${AWS::Partition}:route53:::hostedzone/${EnvHostedZone}", { EnvHostedZone: environmentExport("HostedZone") }),
  },
  { Sid: "EnvHostedZoneRead", Effect: "Allow", Action: ["route53:ListResourceRecordSets", "route53:GetChange"], Resource: "*" },
];

/** What both functions are told about the workload's names. */
const domainProperties = ({ spec, facts }: EcsWorkload) => ({
  EnvHostedZoneId: environmentExport("HostedZone"),
  EnvName: ref("EnvName"),
  AppName: ref("AppName"),
  ServiceName: ref("WorkloadName"),
  RootDNSRole: delegationRoleArn(facts, spec.application),
  DomainName: facts.application.domain ?? "",
  Aliases: spec.nlb?.aliases.map(({ name }) => name) ?? [],
});

/** Records of the network load balancer's aliases, by a function that also reaches the application's zones. */
export const networkDomain = (workload: EcsWorkload, loadBalancerId: string): Resources => ({
  NLBCustomDomainAction: customResource(
    "NLBCustomDomainFunction",
    {
      ServiceToken: getAtt("NLBCustomDomainFunction", "Arn"),
      PublicAccessHostedZoneID: getAtt(loadBalancerId, "CanonicalHostedZoneID"),
      PublicAccessDNS: getAtt(loadBalancerId, "DNSName"),
      ...domainProperties(workload),
    },
    { description: "Adds records of your network load balancer's aliases", condition },
  ),
  NLBCustomDomainFunction: lambdaFunction(workload.facts, "NLBCustomDomainFunction", { role: "NLBCustomDomainRole", condition }),
  NLBCustomDomainRole: lambdaRole(workload.facts, {
    description: "An IAM role to change records of the environment's hosted zone",
    policies: [rolePolicy("NLBCustomDomainPolicy", assumeDelegationRole, ...changeEnvironmentZone)],
  }),
});

/** The certificate of the listeners that end TLS. */
export const networkCertificate = (workload: EcsWorkload, loadBalancerId: string): Resources => ({
  NLBCertValidatorAction: customResource(
    "NLBCertValidatorFunction",
    {
      ServiceToken: getAtt("NLBCertValidatorFunction", "Arn"),
      LoadBalancerDNS: getAtt(loadBalancerId, "DNSName"),
      ...domainProperties(workload),
    },
    { description: "Requests and validates the certificate of your network load balancer", condition },
  ),
  NLBCertValidatorFunction: lambdaFunction(workload.facts, "NLBCertValidatorFunction", { role: "NLBCertValidatorRole", condition }),
  NLBCertValidatorRole: lambdaRole(workload.facts, {
    description: "An IAM role to request and validate a certificate for your service",
    policies: [rolePolicy("NLBCertValidatorPolicy", assumeDelegationRole, ...changeEnvironmentZone, ...requestCertificates)],
  }),
});
