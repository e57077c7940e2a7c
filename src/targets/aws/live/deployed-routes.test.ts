import { describe, expect, test } from "vitest";
import { deployedRoutes, type DeployedService } from "./deployed-routes.ts";

const rule = (kind: string, hosts: readonly (string | { readonly "Fn::Sub": string })[]) => ({
  [kind]: {
    Type: "AWS::ElasticLoadBalancingV2::ListenerRule",
    Properties: { Conditions: [{ Field: "host-header", HostHeaderConfig: { Values: hosts } }] },
  },
});

const service = (parameters: Readonly<Record<string, string>>, resources = {}, more: Partial<DeployedService> = {}): DeployedService => ({
  name: "api",
  isPublic: true,
  content: { template: { Resources: resources }, parameters },
  outputs: {},
  environment: { PublicLoadBalancerDNSName: "lb", InternalLoadBalancerDNSName: "inner", EnvironmentSubdomain: "test.shop.example.com" },
  importedHost: undefined,
  ...more,
});

const plain = { RulePath: "/", HTTPSEnabled: "false" };
const secure = { RulePath: "api", HTTPSEnabled: "true" };

describe("where a deployed service answers", () => {
  test.each<[string, DeployedService, readonly string[]]>([
    ["at the load balancer", service(plain), ["http://lb"]],
    ["at the load balancer, whatever its names are", service(plain, rule("HTTPListenerRule", ["a.com"])), ["http://lb"]],
    ["by its aliases", service(secure, rule("HTTPSListenerRule", ["b.com", "a.com"])), ["https://a.com/api", "https://b.com/api"]],
    [
      "below the environment's domain",
      service(secure, rule("HTTPSListenerRule", [{ "Fn::Sub": "api.${Unknown}" }])),
      ["https://api.test.shop.example.com/api"],
    ],
    [
      "at the content delivery network alone where the load balancer lets nobody else in",
      service(plain, {}, { environment: { PublicALBAccessible: "false", PublicLoadBalancerDNSName: "lb", CloudFrontDomainName: "cdn" } }),
      ["http://cdn"],
    ],
    ["inside by its names", service(plain, rule("HTTPListenerRule", ["a.inner"]), { isPublic: false }), ["http://a.inner"]],
    ["at the internal load balancer", service(plain, {}, { isPublic: false }), ["http://inner"]],
    ["at a load balancer that is imported", service(plain, {}, { importedHost: "mine" }), ["http://mine"]],
    ["nowhere", service({}), []],
    [
      "at its network load balancer",
      service({ NLBPort: "443" }, {}, { outputs: { PublicNetworkLoadBalancerDNSName: "nlb" } }),
      ["nlb:443"],
    ],
    ["by the network load balancer's own name", service({ NLBPort: "443", DNSDelegated: "true" }), ["api-nlb.test.shop.example.com:443"]],
    ["by its aliases there", service({ NLBPort: "1", DNSDelegated: "true", NLBAliases: "a,b" }), ["a:1", "b:1"]],
  ])("%s", (_name, deployed, expected) => {
    expect(deployedRoutes(deployed)).toEqual(expected);
  });
});
