import { getAtt, join, ref, sub } from "../../cloudformation/intrinsics.ts";
import type { Route53RecordSetGroupAliasTarget } from "../../cloudformation/resource-types.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import type { HttpRouting } from "./http-routing.ts";
import { environmentExport } from "./naming.ts";

const ownLoadBalancer = (scope: HttpRouting["scope"]): Route53RecordSetGroupAliasTarget => {
  const prefix = scope === "internal" ? "Internal" : "Public";
  return {
    HostedZoneId: getAtt("EnvControllerAction", `${prefix}LoadBalancerHostedZone`),
    DNSName: getAtt("EnvControllerAction", `${prefix}LoadBalancerDNSName`),
  };
};

/** Records of the aliases in the hosted zones that the manifest names. */
export function aliasRecords({ aliasesByZone, imported, scope }: HttpRouting): Resources {
  const target = imported === undefined ? ownLoadBalancer(scope) : { HostedZoneId: imported.hostedZoneId, DNSName: imported.dnsName };
  return Object.fromEntries(
    aliasesByZone.map(([zone, aliases]) => [
      `LoadBalancerDNSAlias${zone}`,
      resource(
        "AWS::Route53::RecordSetGroup",
        {
          HostedZoneId: zone,
          Comment: sub(`LoadBalancer aliases for service \${WorkloadName} in hosted zone ${zone}`),
          RecordSets: aliases.map((alias) => ({ Name: alias, Type: "A", AliasTarget: target })),
        },
        { description: `Records of your aliases in hosted zone ${zone}` },
      ),
    ]),
  );
}

/** The record of a service without aliases in the environment's own zone. */
export const defaultPublicRecord = (): Resources => ({
  LoadBalancerDNSAlias: resource(
    "AWS::Route53::RecordSetGroup",
    {
      HostedZoneId: environmentExport("HostedZone"),
      Comment: sub("LoadBalancer alias for service ${WorkloadName}"),
      RecordSets: [
        {
          Name: join(".", [ref("WorkloadName"), environmentExport("SubDomain"), ""]),
          Type: "A",
          AliasTarget: ownLoadBalancer("public"),
        },
      ],
    },
    { description: "The record of your service's default name" },
  ),
});

/** The record of a service behind the internal load balancer in the network's zone. */
export const internalRecord = (): Resources => ({
  LoadBalancerInternalDNSAlias: resource(
    "AWS::Route53::RecordSetGroup",
    {
      Comment: sub("Load balancer alias for service ${WorkloadName}"),
      HostedZoneId: getAtt("EnvControllerAction", "InternalWorkloadsHostedZone"),
      RecordSets: [
        {
          Type: "A",
          AliasTarget: ownLoadBalancer("internal"),
          Name: join(".", [ref("WorkloadName"), getAtt("EnvControllerAction", "InternalWorkloadsHostedZoneName")]),
        },
      ],
    },
    { description: "The record of your service's name inside the network" },
  ),
});
