import { ref } from "../../cloudformation/intrinsics.ts";
import { assumedByService, awsServicePolicy } from "../../cloudformation/policy.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import type { AppRunnerWorkload } from "./app-runner-workload.ts";
import { mainContainer } from "./ecs-workload.ts";
import { unlessEmpty } from "./naming.ts";
import { denyIam, permissionsBoundary, readTaggedSecrets, rolePolicy } from "./roles.ts";
import { addonsOutput } from "./secrets.ts";
import { publishPolicy } from "./topics.ts";
import { appRunnerTracingPolicy } from "./tracing.ts";

/** The role by which App Runner pulls a private image, and the role of the containers. */
export const appRunnerRoles = (workload: AppRunnerWorkload): Resources => ({
  AccessRole: resource(
    "AWS::IAM::Role",
    {
      PermissionsBoundary: permissionsBoundary(workload.facts),
      AssumeRolePolicyDocument: assumedByService(["build.apprunner.amazonaws.com"]),
      ManagedPolicyArns: [awsServicePolicy("AWSAppRunnerServicePolicyForECRAccess")],
    },
    { description: "An IAM role by which App Runner pulls your image", condition: "NeedsAccessRole" },
  ),
  InstanceRole: instanceRole(workload),
});

function instanceRole({ spec, task, facts }: AppRunnerWorkload) {
  const addonSecrets = facts.addons?.secrets ?? [];
  const hasSecrets = Object.keys(mainContainer(task).secrets).length > 0 || addonSecrets.length > 0;
  return resource(
    "AWS::IAM::Role",
    {
      ManagedPolicyArns: unlessEmpty((facts.addons?.policies ?? []).map(addonsOutput)),
      PermissionsBoundary: permissionsBoundary(facts),
      AssumeRolePolicyDocument: assumedByService(["tasks.apprunner.amazonaws.com"]),
      Policies: [
        denyIam,
        ...(hasSecrets ? [rolePolicy("AccessCopilotTaggedSecrets", ...readTaggedSecrets(ref("ArtifactKeyARN")))] : []),
        ...publishPolicy(spec),
        ...appRunnerTracingPolicy(spec),
      ],
    },
    { description: "An IAM role for what your containers may do" },
  );
}
