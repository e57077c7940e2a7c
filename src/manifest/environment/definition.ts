import { either, strictEither } from "../schema/alternatives.ts";
import { list } from "../schema/collections.ts";
import { optional } from "../schema/fields.ts";
import { record } from "../schema/record.ts";
import type { Infer } from "../schema/schema.ts";
import { choice, flag, integer, text } from "../schema/scalars.ts";
import { cidr } from "../schema/cidr.ts";
import { band } from "../schema/band.ts";
import { readArn } from "../../model/arn.ts";

const certificate = text({
  noun: "the ARN of a certificate",
  problem: (written) => (readArn(written) === undefined ? `\`${written}\` is no ARN of a certificate.` : undefined),
});

const aws = { docker: "notice" } as const;

const subnet = record({
  id: optional(text(), "Subnet that exists.", aws),
  cidr: optional(text({ noun: "a CIDR block" }), "Addresses of a subnet to make.", aws),
  az: optional(text(), "Availability zone of a subnet to make.", aws),
});

const securityGroupRule = record({
  cidr: optional(text({ noun: "a CIDR block" }), "Addresses that the rule is about.", aws),
  ports: optional(either(integer(), band), "A port, or a range such as `80-443`.", aws),
  ip_protocol: optional(text(), "Protocol: `tcp`, `udp`, `icmp`, or `-1` for all.", aws),
});

const vpc = record({
  id: optional(text(), "Network that exists.", aws),
  cidr: optional(text({ noun: "a CIDR block" }), "Addresses of a network to make.", { ...aws, documentedDefault: "10.0.0.0/16" }),
  subnets: optional(
    record({
      public: optional(list(subnet), "Subnets that the internet reaches.", aws),
      private: optional(list(subnet), "Subnets that the internet does not reach.", aws),
    }),
    "Subnets that exist, or to make.",
    aws,
  ),
  security_group: optional(
    record({
      ingress: optional(list(securityGroupRule), "What may come in, besides the environment's own traffic.", aws),
      egress: optional(list(securityGroupRule), "What may go out; without it, everything.", aws),
    }),
    "Rules of the environment's security group.",
    aws,
  ),
  flow_logs: optional(
    strictEither(flag(), record({ retention: optional(integer(), "Days that flow logs are kept.", { ...aws, documentedDefault: 14 }) })),
    "Keeps flow logs: `true`, or a map.",
    { ...aws, documentedDefault: false },
  ),
});

const restrictiveIngress = {
  cdn: optional(flag(), "Only the content delivery network may send requests.", { ...aws, documentedDefault: false }),
  source_ips: optional(list(cidr), "CIDR blocks that may send requests.", { ...aws, defaultNote: "anyone" }),
};

const deprecatedSecurityGroups = record({
  ingress: optional(
    record({
      restrict_to: optional(record(restrictiveIngress), "Former place of `ingress`.", aws),
      from_vpc: optional(flag(), "Former spelling of `ingress.vpc`.", aws),
    }),
    "Former place of `ingress`.",
    aws,
  ),
});

const publicHttp = record({
  certificates: optional(list(certificate), "ARNs of certificates for HTTPS.", aws),
  access_logs: optional(
    either(
      flag(),
      record({
        bucket_name: optional(text(), "Bucket that exists and receives the logs.", aws),
        prefix: optional(text(), "Folder in the bucket.", aws),
      }),
    ),
    "Keeps a log of requests: `true`, or a map.",
    { ...aws, documentedDefault: false },
  ),
  ingress: optional(record(restrictiveIngress), "Who may send requests.", aws),
  ssl_policy: optional(text(), "Security policy of HTTPS.", aws),
  security_groups: optional(deprecatedSecurityGroups, "Former place of `ingress`.", { ...aws, deprecatedFor: "ingress" }),
});

const privateHttp = record({
  subnets: optional(list(text({ noun: "a subnet id" })), "Subnets of the internal load balancer, out of the imported ones.", aws),
  certificates: optional(list(certificate), "ARNs of certificates for HTTPS.", aws),
  ingress: optional(
    record({
      vpc: optional(flag(), "Opens ports 80 and 443 to the network.", { ...aws, documentedDefault: false }),
      from_vpc: optional(flag(), "Written by former versions for `vpc`, and never read.", { ...aws, deprecatedFor: "vpc" }),
    }),
    "Who may send requests.",
    aws,
  ),
  ssl_policy: optional(text(), "Security policy of HTTPS.", aws),
  security_groups: optional(deprecatedSecurityGroups, "Former place of `ingress`.", { ...aws, deprecatedFor: "ingress" }),
});

const cdn = either(
  flag(),
  record({
    certificate: optional(certificate, "ARN of the certificate for visitors, of the region us-east-1.", aws),
    terminate_tls: optional(flag(), "Ends HTTPS at the content delivery network.", { ...aws, documentedDefault: false }),
    static_assets: optional(
      record({
        alias: optional(text(), "Host name of the assets.", aws),
        location: optional(text(), "Domain name of the bucket that holds them.", aws),
        path: optional(text(), "Pattern of the paths that lead to them, such as `static/*`.", aws),
      }),
      "Files that are delivered from a bucket.",
      aws,
    ),
  }),
);

/** What an environment's manifest may say. */
export const environmentSchema = record({
  name: optional(text({ noun: "a name" }), "Name of the environment: that of its folder under `copilot/environments/`."),
  type: optional(choice(["Environment"]), "`Environment`."),
  network: optional(
    record({ vpc: optional(vpc, "The environment's network: made for it, adjusted, or one that exists.", aws) }),
    "The network.",
    aws,
  ),
  observability: optional(
    record({ container_insights: optional(flag(), "Collects metrics of containers.", { ...aws, documentedDefault: false }) }),
    "What is recorded.",
    aws,
  ),
  http: optional(
    record({
      public: optional(publicHttp, "The load balancer that answers the internet.", aws),
      private: optional(privateHttp, "The load balancer that answers inside the network.", aws),
    }),
    "Load balancers that services share.",
    aws,
  ),
  cdn: optional(cdn, "A content delivery network in front of the public load balancer: `true`, or a map.", {
    ...aws,
    documentedDefault: false,
  }),
});

/** An environment's manifest as read. */
export type EnvironmentManifest = Infer<typeof environmentSchema>;
