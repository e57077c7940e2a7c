import { defineCommand } from "../../define.ts";
import { allowDowngrade, app, credentials, target } from "../../flags.ts";

/** The flags of `copilot env init`. */
export const flags = {
  app,
  name: { kind: "string", short: "n", brief: "Name of the environment." },
  target,
  ...credentials,
  defaultConfig: { kind: "boolean", brief: "Asks nothing about the network." },
  allowDowngrade,
  prod: { kind: "boolean", brief: "Has no effect; accepted for old scripts.", awsOnly: true },
  importVpcId: { kind: "string", brief: "VPC that exists.", section: "Import Existing Resources", awsOnly: true },
  importPublicSubnets: { kind: "strings", brief: "Public subnets that exist.", section: "Import Existing Resources", awsOnly: true },
  importPrivateSubnets: { kind: "strings", brief: "Private subnets that exist.", section: "Import Existing Resources", awsOnly: true },
  importCertArns: {
    kind: "strings",
    brief: "Certificates of the public load balancer.",
    section: "Import Existing Resources",
    awsOnly: true,
  },
  overrideVpcCidr: { kind: "cidr", brief: "Addresses of the VPC.", section: "Configure Default Resources", awsOnly: true },
  overrideAzNames: { kind: "strings", brief: "Availability zones to use.", section: "Configure Default Resources", awsOnly: true },
  overridePublicCidrs: {
    kind: "strings",
    brief: "Addresses of the public subnets.",
    section: "Configure Default Resources",
    awsOnly: true,
  },
  overridePrivateCidrs: {
    kind: "strings",
    brief: "Addresses of the private subnets.",
    section: "Configure Default Resources",
    awsOnly: true,
  },
  internalAlbSubnets: {
    kind: "strings",
    brief: "Subnets of the internal load balancer.",
    section: "Configure Default Resources",
    awsOnly: true,
  },
  internalAlbAllowVpcIngress: {
    kind: "boolean",
    brief: "Opens the internal load balancer to the VPC.",
    section: "Configure Default Resources",
    awsOnly: true,
  },
  containerInsights: { kind: "boolean", brief: "Collects metrics of containers.", section: "Telemetry", awsOnly: true },
} as const;

/** `copilot env init`. */
export const envInit = defineCommand({
  summary: "Registers an environment and writes its manifest.",
  flags,
  examples: [{ run: "copilot env init --name test", does: "Registers test and writes its manifest." }],
  load: () => import("./init.ts"),
});
