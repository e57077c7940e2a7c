import type { SiteSpec, WorkloadSpec } from "../../../../model/workload-spec.ts";
import { ref } from "../../cloudformation/intrinsics.ts";
import type { Text } from "../../cloudformation/intrinsics.ts";
import type { Template } from "../../cloudformation/template.ts";
import type { WorkloadFacts } from "../../workload-facts.ts";
import { addonsStack } from "./addons-stack.ts";
import { siteBucket } from "./site-bucket.ts";
import { siteDistribution, siteOutputs } from "./site-distribution.ts";
import { siteDomain } from "./site-domain.ts";
import { siteUpload } from "./site-upload.ts";
import { commonConditions, commonParameters, templateMetadata } from "./template-parameters.ts";

const beforeUpload = [
  "Bucket",
  "BucketPolicyForCloudFront",
  "CloudFrontOriginAccessControl",
  "CloudFrontDistribution",
  "TriggerStateMachineFunction",
  "TriggerStateMachineFunctionRole",
  "CopyAssetsStateMachine",
  "CopyAssetsStateMachineRole",
  "EnvManagerS3Access",
] as const;

const domainResources = [
  "CustomDomainAction",
  "CustomDomainFunction",
  "CustomDomainRole",
  "CertificateValidatorAction",
  "CertificateValidationFunction",
  "CertificateValidatorRole",
] as const;

/** What a template says while the files are not uploaded. */
const notUploaded = { bucket: "", key: "" };

/** The stack of a Static Site. */
export function staticSite(spec: WorkloadSpec, site: SiteSpec, facts: WorkloadFacts): Template {
  const alias = site.alias ?? defaultAlias(spec, facts);
  const isManaged = alias !== undefined && site.certificate === undefined;
  return {
    Description: "A static site on Amazon S3 and Amazon CloudFront, made by Copilot",
    Metadata: templateMetadata(spec, facts),
    Parameters: commonParameters,
    Conditions: commonConditions,
    Resources: {
      ...siteBucket(),
      ...siteDistribution(spec, alias, alias === undefined ? undefined : certificateOf(site)),
      ...siteUpload(facts, facts.siteMapping ?? notUploaded, [...beforeUpload, ...(isManaged ? domainResources : [])]),
      ...(isManaged ? siteDomain(spec, facts, alias) : {}),
      ...addonsStack(spec, facts),
    },
    Outputs: siteOutputs(alias),
  };
}

/** An application's domain gives every site a name. */
const defaultAlias = (spec: WorkloadSpec, { application }: WorkloadFacts): string | undefined =>
  application.domain === undefined ? undefined : `${spec.name}.${spec.environment}.${spec.application}.${application.domain}`;

const certificateOf = ({ certificate }: SiteSpec): Text => certificate ?? ref("CertificateValidatorAction");
