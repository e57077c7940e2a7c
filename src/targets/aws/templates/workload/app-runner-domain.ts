import { getAtt } from "../../cloudformation/intrinsics.ts";
import { customResource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { delegationRoleArn } from "../../workload-facts.ts";
import type { AppRunnerWorkload } from "./app-runner-workload.ts";
import { lambdaFunction } from "./lambda-function.ts";
import { lambdaRole, rolePolicy } from "./roles.ts";

const layer = (region: string, account: string, version: number): readonly [string, string] => [
  region,
  `arn:aws:lambda:${region}:${account}:layer:AWSLambda-Node-AWS-SDK:${version}`,
];

/** The layer with an AWS SDK that live stacks name; our function does not need it, but leaving it out would be a change. */
const sdkLayers: Readonly<Record<string, string>> = Object.fromEntries([
  layer("af-south-1", "392341123054", 7),
  layer("ap-east-1", "118857876118", 14),
  layer("ap-northeast-1", "249908578461", 15),
  layer("ap-northeast-2", "296580773974", 14),
  layer("ap-northeast-3", "961244031340", 14),
  layer("ap-south-1", "631267018583", 14),
  layer("ap-southeast-1", "468957933125", 14),
  layer("ap-southeast-2", "817496625479", 14),
  layer("ca-central-1", "778625758767", 14),
  layer("eu-central-1", "292169987271", 14),
  layer("eu-north-1", "642425348156", 14),
  layer("eu-south-1", "426215560912", 7),
  layer("eu-west-1", "399891621064", 14),
  layer("eu-west-2", "142628438157", 14),
  layer("eu-west-3", "959311844005", 14),
  layer("me-south-1", "507411403535", 10),
  layer("sa-east-1", "640010853179", 14),
  layer("us-east-1", "668099181075", 15),
  layer("us-east-2", "259788987135", 14),
  layer("us-west-1", "325793726646", 15),
  layer("us-west-2", "420165488524", 14),
]);

/** Connects a name of the application's domain with the service; nothing without an alias. */
export function appRunnerDomain({ spec, request, facts }: AppRunnerWorkload): Resources {
  if (request.alias === undefined) return {};
  const sdkLayer = sdkLayers[facts.region];
  return {
    CustomDomainFunction: lambdaFunction(facts, "CustomDomainFunction", {
      role: "CustomResourceRole",
      layers: sdkLayer === undefined ? [] : [sdkLayer],
    }),
    CustomDomainAction: customResource(
      "CustomDomainFunction",
      {
        ServiceToken: getAtt("CustomDomainFunction", "Arn"),
        ServiceARN: getAtt("Service", "ServiceArn"),
        CustomDomain: request.alias,
        AppDNSRole: delegationRoleArn(facts, spec.application),
        AppDNSName: facts.application.domain ?? "",
      },
      { description: "Connects your alias with the service and adds its records", dependsOn: "CustomDomainFunction" },
    ),
    CustomResourceRole: lambdaRole(facts, {
      description: "An IAM role to connect your alias with the service",
      policies: [
        rolePolicy("DNSandACMAccess", {
          Effect: "Allow",
          Action: [
            "apprunner:AssociateCustomDomain",
            "apprunner:DisassociateCustomDomain",
            "apprunner:DescribeCustomDomains",
            "sts:AssumeRole",
            "route53:ChangeResourceRecordSets",
            "route53:ListHostedZonesByName",
          ],
          Resource: ["*"],
        }),
      ],
    }),
  };
}
