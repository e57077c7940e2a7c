import type { Parameter } from "../../targets/aws/cloudformation/template.ts";

type Parameters = Readonly<Record<string, Parameter>>;

/** Parameters that Copilot passes to the addons of a workload. */
export const workloadParameters: Parameters = {
  App: { Type: "String", Description: "Name of the application." },
  Env: { Type: "String", Description: "Name of the environment that is deployed to." },
  Name: { Type: "String", Description: "Name of the workload." },
};

/** Parameters that Copilot passes to the addons of environments. */
export const environmentParameters: Parameters = {
  App: { Type: "String", Description: "Name of the application." },
  Env: { Type: "String", Description: "Name of the environment that is deployed." },
};

/** The security group of an App Runner service's VPC connector, which a parameters file passes. */
export const serviceSecurityGroupParameter: Parameters = {
  ServiceSecurityGroupId: { Type: "String", Description: "Security group of the service's VPC connector." },
};

/** The network of an environment, which a parameters file passes. */
export const networkParameters: Parameters = {
  VPCID: { Type: "String", Description: "VPC of the cluster.", Default: "" },
  PrivateSubnets: { Type: "String", Description: "Private subnets of the cluster, comma separated.", Default: "" },
};

/** Under which an environment exports what its storage is, for workloads; `suffix` is the kind of fact, e.g. `BucketName`. */
export const exportName = (id: string, suffix: string): string => `\${App}-\${Env}-${id}${suffix}`;
