import { expect, test } from "vitest";
import { sampleRule } from "../../../test/samples/workloads.ts";
import { loadBalancerToImport } from "./workload-facts.ts";

test("a public service has the load balancer that it names, one inside the network the environment's", () => {
  const rules = [sampleRule({})] as const;
  expect(loadBalancerToImport({ http: { scope: "public", importedLoadBalancer: "mine", rules } })).toBe("mine");
  expect(loadBalancerToImport({ http: { scope: "internal", importedLoadBalancer: "mine", rules } })).toBeUndefined();
  expect(loadBalancerToImport({})).toBeUndefined();
});
