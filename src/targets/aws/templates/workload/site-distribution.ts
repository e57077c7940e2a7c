import type { WorkloadSpec } from "../../../../model/workload-spec.ts";
import { getAtt, ref, sub } from "../../cloudformation/intrinsics.ts";
import type { CloudFrontDistributionViewerCertificate } from "../../cloudformation/resource-types.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Output, Resources } from "../../cloudformation/template.ts";
import { toBoundedName } from "./naming.ts";
import { bucketDomainName } from "./site-bucket.ts";

/** AWS's managed cache policy `CachingOptimized`. */
const cachePolicyId = "658327ea-f89d-4fab-a63d-7e88639e58f6";

/** Lets paths of folders and pages without an ending find their `index.html`. */
const rewriteFunction = `function handler(event) {
  var request = event.request;
  if (request.uri.endsWith("/")) request.uri += "index.html";
  else if (!request.uri.includes(".")) request.uri += "/index.html";
  return request;
}
`;

/** The distribution that serves a site. `certificate` is unset while it has no name of its own. */
export function siteDistribution(
  spec: WorkloadSpec,
  alias: string | undefined,
  certificate: CloudFrontDistributionViewerCertificate["AcmCertificateArn"],
): Resources {
  const name = toBoundedName(`${spec.application}-${spec.environment}-${spec.name}`);
  return {
    CloudFrontOriginAccessControl: resource(
      "AWS::CloudFront::OriginAccessControl",
      {
        OriginAccessControlConfig: {
          Description: sub("Access control for static s3 origin for ${AppName}-${EnvName}-${WorkloadName}"),
          Name: name,
          OriginAccessControlOriginType: "s3",
          SigningBehavior: "always",
          SigningProtocol: "sigv4",
        },
      },
      { description: "Lets CloudFront alone read the bucket" },
    ),
    CloudFrontViewerRequestRewriteFunction: resource(
      "AWS::CloudFront::Function",
      {
        AutoPublish: true,
        FunctionCode: rewriteFunction,
        FunctionConfig: { Comment: "CloudFront Function to rewrite viewer request to index.html", Runtime: "cloudfront-js-1.0" },
        Name: name,
      },
      { description: "Lets paths without a file name find their index.html" },
    ),
    CloudFrontDistribution: distribution(alias, certificate),
  };
}

function distribution(alias: string | undefined, certificate: CloudFrontDistributionViewerCertificate["AcmCertificateArn"]) {
  const originId = sub("copilot-${AppName}-${EnvName}-${WorkloadName}");
  return resource(
    "AWS::CloudFront::Distribution",
    {
      DistributionConfig: {
        Aliases: alias === undefined ? undefined : [alias],
        DefaultCacheBehavior: {
          Compress: true,
          AllowedMethods: ["GET", "HEAD"],
          FunctionAssociations: [
            { EventType: "viewer-request", FunctionARN: getAtt("CloudFrontViewerRequestRewriteFunction", "FunctionARN") },
          ],
          ViewerProtocolPolicy: "redirect-to-https",
          CachePolicyId: cachePolicyId,
          TargetOriginId: originId,
        },
        Enabled: true,
        IPV6Enabled: true,
        Origins: [
          {
            Id: originId,
            DomainName: bucketDomainName,
            OriginAccessControlId: ref("CloudFrontOriginAccessControl"),
            // CloudFront wants this of every S3 origin, also of one with an origin access control.
            S3OriginConfig: { OriginAccessIdentity: "" },
          },
        ],
        ViewerCertificate:
          certificate === undefined
            ? undefined
            : { AcmCertificateArn: certificate, MinimumProtocolVersion: "TLSv1", SslSupportMethod: "sni-only" },
      },
    },
    { description: "A CloudFront distribution that serves your site" },
  );
}

/** What a site's stack tells others. */
export const siteOutputs = (alias: string | undefined): Readonly<Record<string, Output>> => ({
  CloudFrontDistributionDomainName: {
    Value: getAtt("CloudFrontDistribution", "DomainName"),
    Export: { Name: sub("${AWS::StackName}-CloudFrontDistributionDomainName") },
  },
  ...(alias === undefined
    ? {}
    : {
        CloudFrontDistributionAlternativeDomainName: {
          Value: alias,
          Export: { Name: sub("${AWS::StackName}-CloudFrontDistributionAlternativeDomainName") },
        },
      }),
});
