import { getAtt, ref, sub } from "../../cloudformation/intrinsics.ts";
import { customResource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import type { WorkloadSpec } from "../../../../model/workload-spec.ts";
import type { WorkloadFacts } from "../../workload-facts.ts";
import type { HttpRouting } from "./http-routing.ts";
import { lambdaFunction } from "./lambda-function.ts";
import { lambdaRole, rolePolicy, taggedWithEnvironment } from "./roles.ts";

/** Parameters of the environment's stack that list the workloads which need a shared resource. */
export function sharedResources(spec: WorkloadSpec, facts: WorkloadFacts): readonly string[] {
  const needed: string[] = [];
  if (spec.type === "Load Balanced Web Service" && facts.importedLoadBalancer === undefined) {
    if (spec.http !== undefined) needed.push("ALBWorkloads");
    needed.push("Aliases");
  }
  if (spec.type === "Backend Service" && spec.http !== undefined) needed.push("InternalALBWorkloads");
  if (spec.requestDriven?.private === true) needed.push("AppRunnerPrivateWorkloads");
  if (spec.network.placement.kind === "private") needed.push("NATWorkloads");
  if (spec.task?.volumes.some(({ kind }) => kind === "managed")) needed.push("EFSWorkloads");
  return needed;
}

/** The custom resource by which a workload asks its environment for shared resources, and learns what they are. */
export const environmentController = (spec: WorkloadSpec, facts: WorkloadFacts, routing?: HttpRouting): Resources => ({
  EnvControllerAction: customResource(
    "EnvControllerFunction",
    {
      ServiceToken: getAtt("EnvControllerFunction", "Arn"),
      Workload: ref("WorkloadName"),
      Aliases: ownsAliases(spec, routing) ? routing?.aliases : undefined,
      EnvStack: sub("${AppName}-${EnvName}"),
      Parameters: sharedResources(spec, facts),
      EnvVersion: facts.environment.version,
    },
    { description: "Asks the environment for the resources that its workloads share" },
  ),
  EnvControllerFunction: lambdaFunction(facts, "EnvControllerFunction", { role: "EnvControllerRole" }),
  EnvControllerRole: lambdaRole(facts, {
    description: "An IAM role to update the environment's stack",
    policies: [updateEnvironmentStack, passExecutionRole],
  }),
});

const ownsAliases = (spec: WorkloadSpec, routing: HttpRouting | undefined): boolean =>
  spec.type === "Load Balanced Web Service" && routing !== undefined && routing.aliases.length > 0 && routing.imported === undefined;

const updateEnvironmentStack = rolePolicy("EnvControllerStackUpdate", {
  Effect: "Allow",
  Action: ["cloudformation:DescribeStacks", "cloudformation:UpdateStack"],
  Resource: sub("arn:${AWS::Partition}:cloudformation:${AWS::Region}:${AWS::AccountId}:stack/${AppName}-${EnvName}/*"),
  Condition: taggedWithEnvironment("cloudformation:ResourceTag"),
});

const passExecutionRole = rolePolicy("EnvControllerRolePass", {
  Effect: "Allow",
  Action: ["iam:PassRole"],
  Resource: sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${AppName}-${EnvName}-CFNExecutionRole"),
  Condition: taggedWithEnvironment("iam:ResourceTag"),
});
