import { sub } from "../../cloudformation/intrinsics.ts";
import { assumedByService, policyDocument } from "../../cloudformation/policy.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import type { EnvironmentStackFacts } from "../../environment-facts.ts";
import { boundaryArn } from "../permissions-boundary.ts";

/**
 * The role by which CloudFormation makes what environments and workloads hold. It is wide because tasks may have any role, and is kept
 * when the stack is deleted because it is what deletes the stack.
 */
export function executionRole(facts: EnvironmentStackFacts): Resources {
  return {
    CloudformationExecutionRole: resource(
      "AWS::IAM::Role",
      {
        RoleName: sub("${AWS::StackName}-CFNExecutionRole"),
        AssumeRolePolicyDocument: assumedByService(["cloudformation.amazonaws.com"]),
        PermissionsBoundary: boundaryArn(facts.application.permissionsBoundary),
        Path: "/",
        Policies: [
          {
            PolicyName: "executeCfn",
            PolicyDocument: policyDocument(
              { Effect: "Allow", NotAction: ["organizations:*", "account:*"], Resource: "*" },
              { Effect: "Allow", Action: ["organizations:DescribeOrganization", "account:ListRegions"], Resource: "*" },
            ),
          },
        ],
      },
      { description: "The role by which CloudFormation manages resources", deletionPolicy: "Retain" },
    ),
  };
}
