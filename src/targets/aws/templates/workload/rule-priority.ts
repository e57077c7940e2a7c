import { getAtt } from "../../cloudformation/intrinsics.ts";
import type { Text } from "../../cloudformation/intrinsics.ts";
import { customResource } from "../../cloudformation/template.ts";
import type { CustomResource, Resources } from "../../cloudformation/template.ts";
import type { WorkloadFacts } from "../../workload-facts.ts";
import type { HttpRouting } from "./http-routing.ts";
import { lambdaFunction } from "./lambda-function.ts";
import { lambdaRole, rolePolicy } from "./roles.ts";

/** The function that finds free priorities on a listener which many services share. */
export const rulePriorityFunction = (facts: WorkloadFacts): Resources => ({
  RulePriorityFunction: lambdaFunction(facts, "RulePriorityFunction", {
    role: "RulePriorityFunctionRole",
    timeout: 600,
    handler: "index.nextAvailableRulePriorityHandler",
  }),
  RulePriorityFunctionRole: lambdaRole(facts, {
    description: "An IAM role to read the rules of a load balancer",
    policies: [
      rolePolicy("RulePriorityGeneratorAccess", { Effect: "Allow", Action: ["elasticloadbalancing:DescribeRules"], Resource: "*" }),
    ],
  }),
});

/** Finds a priority for each rule of the workload on a listener. */
export const rulePriorities = (routing: HttpRouting, listenerArn: Text): CustomResource =>
  customResource(
    "RulePriorityFunction",
    {
      ServiceToken: getAtt("RulePriorityFunction", "Arn"),
      RulePath: routing.rules.map(({ path }) => path),
      ListenerArn: listenerArn,
    },
    { description: "Finds free priorities for the listener's rules" },
  );
