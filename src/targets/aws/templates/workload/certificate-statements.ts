import type { PolicyStatement } from "../../cloudformation/policy.ts";
import { taggedWithWorkload } from "./roles.ts";

/** Lets a function request, read and delete the certificates of a workload. */
export const requestCertificates: readonly PolicyStatement[] = [
  {
    Sid: "ServiceCertificateDelete",
    Effect: "Allow",
    Action: "acm:DeleteCertificate",
    Resource: "*",
    Condition: taggedWithWorkload,
  },
  { Sid: "TaggedResourcesRead", Effect: "Allow", Action: "tag:GetResources", Resource: "*" },
  {
    Sid: "ServiceCertificateCreate",
    Effect: "Allow",
    Action: ["acm:RequestCertificate", "acm:AddTagsToCertificate"],
    Resource: "*",
    Condition: taggedWithWorkload,
  },
  { Sid: "CertificateRead", Effect: "Allow", Action: "acm:DescribeCertificate", Resource: "*" },
];
