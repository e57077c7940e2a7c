import type { CdnSpec } from "../../../../model/environment-spec.ts";
import { getAtt, ifElse, noValue, ref, region, sub } from "../../cloudformation/intrinsics.ts";
import { awsServicePolicy, lambdaTrust } from "../../cloudformation/policy.ts";
import { customResource, resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import type { EnvironmentFacts } from "../../environment-facts.ts";
import type { EnvironmentTemplateInput } from "./template-input.ts";
import { lambdaFunction } from "./lambda-function.ts";
import { boundaryArn } from "../permissions-boundary.ts";

const loadBalancerOrigin = sub("copilot-${AppName}-${EnvironmentName}-origin");
const assetsOrigin = sub("copilot-${AppName}-${EnvironmentName}-s3");
const allMethods = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"];

/**
 * Policies that AWS manages, by ID: nothing is cached and all that the viewer sent goes on to the load balancer; assets are cached.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
 */
const managedPolicies = {
  cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  cachingOptimized: "658327ea-f89d-4fab-a63d-7e88639e58f6",
  allViewerRequest: "216adef6-5c7f-47e4-b989-5492eafa07d3",
};

/** The content delivery network in front of the public load balancer, where the manifest asks for it. */
export function cdn(input: EnvironmentTemplateInput): Resources {
  const { spec, facts } = input;
  if (spec.cdn === undefined) return {};
  const importsLoadBalancerCertificates = (spec.publicHttp.certificates ?? []).length > 0;
  const replicatesCertificate = spec.cdn.certificate === undefined && !importsLoadBalancerCertificates;
  return {
    ...(answersAliases(spec.cdn, facts) ? uniqueAliases(spec.cdn, facts) : {}),
    ...(spec.cdn.staticAssets === undefined ? {} : assetsAccess()),
    CloudFrontDistribution: resource(
      "AWS::CloudFront::Distribution",
      { DistributionConfig: distribution(spec.cdn, facts, replicatesCertificate) },
      { description: "The CloudFront distribution in front of the public load balancer", condition: "CreateALB" },
    ),
    ...(replicatesCertificate ? certificateReplica(facts) : {}),
  };
}

const answersAliases = (spec: CdnSpec, facts: EnvironmentFacts): boolean =>
  spec.certificate !== undefined || facts.application.domain !== undefined;

/** CloudFront refuses an alias that stands twice, and two services may share one. */
function uniqueAliases(spec: CdnSpec, facts: EnvironmentFacts): Resources {
  const condition = "CreateALB";
  return {
    UniqueJSONValuesFunctionRole: resource(
      "AWS::IAM::Role",
      {
        AssumeRolePolicyDocument: lambdaTrust,
        PermissionsBoundary: boundaryArn(facts.application.permissionsBoundary),
        Path: "/",
        ManagedPolicyArns: [awsServicePolicy("AWSLambdaBasicExecutionRole")],
      },
      { description: "The role of the function that lists aliases without repetition", condition },
    ),
    UniqueJSONValuesFunction: lambdaFunction({
      code: facts.functions.UniqueJSONValuesFunction,
      handler: "handler",
      timeout: 600,
      role: "UniqueJSONValuesFunctionRole",
      condition,
    }),
    UniqueAliasesAction: customResource(
      "UniqueJSONValuesFunction",
      {
        ServiceToken: getAtt("UniqueJSONValuesFunction", "Arn"),
        Aliases: ref("Aliases"),
        AdditionalStrings: spec.staticAssets === undefined ? undefined : [spec.staticAssets.alias],
        FilterFor: ref("ALBWorkloads"),
      },
      { description: "The aliases of all services, each once", condition },
    ),
  };
}

const assetsAccess = (): Resources => ({
  CloudFrontOriginAccessControl: resource(
    "AWS::CloudFront::OriginAccessControl",
    {
      OriginAccessControlConfig: {
        Description: "Access control for static s3 origin",
        Name: sub("copilot-${AppName}-${EnvironmentName}-origin-access-control"),
        OriginAccessControlOriginType: "s3",
        SigningBehavior: "always",
        SigningProtocol: "sigv4",
      },
    },
    { description: "Lets only CloudFront read the bucket of static assets" },
  ),
});

function distribution(spec: CdnSpec, facts: EnvironmentFacts, replicatesCertificate: boolean) {
  return {
    Aliases: answersAliases(spec, facts) ? getAtt("UniqueAliasesAction", "UniqueValues") : undefined,
    DefaultCacheBehavior: {
      AllowedMethods: allMethods,
      CachePolicyId: managedPolicies.cachingDisabled,
      TargetOriginId: loadBalancerOrigin,
      OriginRequestPolicyId: managedPolicies.allViewerRequest,
      ViewerProtocolPolicy: spec.terminateTls ? "redirect-to-https" : "allow-all",
    },
    Enabled: true,
    IPV6Enabled: true,
    Origins: [
      {
        Id: loadBalancerOrigin,
        DomainName: getAtt("PublicLoadBalancer", "DNSName"),
        CustomOriginConfig: { OriginProtocolPolicy: spec.terminateTls ? "http-only" : "match-viewer" },
      },
      ...(spec.staticAssets === undefined ? [] : [assets(spec.staticAssets.location)]),
    ],
    CacheBehaviors: spec.staticAssets === undefined ? undefined : [assetsBehaviour(spec.staticAssets.path)],
    ViewerCertificate: viewerCertificate(spec, replicatesCertificate),
  };
}

const assets = (location: string) => ({
  Id: assetsOrigin,
  DomainName: location,
  OriginAccessControlId: ref("CloudFrontOriginAccessControl"),
  // CloudFront asks for an S3 origin to have this, empty where an access control is used.
  S3OriginConfig: { OriginAccessIdentity: "" },
});

const assetsBehaviour = (path: string) => ({
  AllowedMethods: allMethods,
  ViewerProtocolPolicy: "allow-all",
  CachePolicyId: managedPolicies.cachingOptimized,
  TargetOriginId: assetsOrigin,
  PathPattern: path,
});

function viewerCertificate(spec: CdnSpec, replicatesCertificate: boolean) {
  const terms = { MinimumProtocolVersion: "TLSv1", SslSupportMethod: "sni-only" };
  if (spec.certificate !== undefined) return { AcmCertificateArn: spec.certificate, ...terms };
  if (!replicatesCertificate) return undefined;
  return ifElse("DelegateDNS", { AcmCertificateArn: ref("CertificateReplicator"), ...terms }, noValue);
}

/** CloudFront takes certificates of us-east-1 only. */
const certificateReplica = (facts: EnvironmentFacts): Resources => ({
  CertificateReplicatorFunction: lambdaFunction({
    code: facts.functions.CertificateReplicatorFunction,
    handler: "certificateReplicateHandler",
    timeout: 900,
    role: "CustomResourceRole",
    condition: "DelegateDNS",
  }),
  CertificateReplicator: customResource(
    "CertificateReplicatorFunction",
    {
      ServiceToken: getAtt("CertificateReplicatorFunction", "Arn"),
      AppName: ref("AppName"),
      EnvName: ref("EnvironmentName"),
      TargetRegion: "us-east-1",
      EnvRegion: region,
      CertificateArn: ref("HTTPSCert"),
    },
    { description: "A copy of the certificate in us-east-1", condition: "DelegateDNS" },
  ),
});
