import { getAtt, ref, sub } from "../../cloudformation/intrinsics.ts";
import type { JsonObject } from "../../cloudformation/json.ts";
import { customResource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import type { WorkloadFacts } from "../../workload-facts.ts";
import { lambdaFunction } from "./lambda-function.ts";
import { environmentExport } from "./naming.ts";
import { lambdaRole, rolePolicy } from "./roles.ts";

/** Restricts a statement to the environment's cluster, which `variable` names in the ARN. */
export const inCluster = (variable: string): JsonObject => ({
  ArnEquals: {
    "ecs:cluster": sub(`arn:\${AWS::Partition}:ecs:\${AWS::Region}:\${AWS::AccountId}:cluster/\${${variable}}`, {
      [variable]: environmentExport("ClusterId"),
    }),
  },
});

/** Reads how many tasks run, so that a deployment keeps what scaling has set. */
export const desiredCount = (facts: WorkloadFacts): Resources => ({
  DynamicDesiredCountAction: customResource(
    "DynamicDesiredCountFunction",
    {
      ServiceToken: getAtt("DynamicDesiredCountFunction", "Arn"),
      Cluster: environmentExport("ClusterId"),
      App: ref("AppName"),
      Env: ref("EnvName"),
      Svc: ref("WorkloadName"),
      DefaultDesiredCount: ref("TaskCount"),
      UpdateID: facts.deploymentId,
    },
    { description: "Reads how many tasks of your service run" },
  ),
  DynamicDesiredCountFunction: lambdaFunction(facts, "DynamicDesiredCountFunction", {
    role: "DynamicDesiredCountFunctionRole",
    timeout: 600,
  }),
  DynamicDesiredCountFunctionRole: lambdaRole(facts, {
    description: "An IAM role to read how many tasks of your service run",
    policies: [
      rolePolicy(
        "DelegateDesiredCountAccess",
        { Sid: "ECS", Effect: "Allow", Action: ["ecs:DescribeServices"], Resource: "*", Condition: inCluster("ClusterName") },
        { Sid: "ResourceGroups", Effect: "Allow", Action: ["resource-groups:GetResources"], Resource: "*" },
        { Sid: "Tags", Effect: "Allow", Action: ["tag:GetResources"], Resource: "*" },
      ),
    ],
  }),
});
