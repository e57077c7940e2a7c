import type { DeploymentManifest } from "../../../../model/pipeline.ts";
import { ref } from "../../cloudformation/intrinsics.ts";
import type { CodePipelinePipelineActionDeclaration, CodePipelinePipelineStageDeclaration } from "../../cloudformation/resource-types.ts";
import { actionProjectId, testProjectId } from "./names.ts";
import type { PipelinePlan } from "./plan.ts";
import { sourceAction } from "./source.ts";
import type { Placed, StagePlan } from "./stage-plan.ts";

type ActionDeclaration = CodePipelinePipelineActionDeclaration;

/** The stages of the pipeline: Source, Build, and one for each environment that something is deployed to. */
export const pipelineStages = (plan: PipelinePlan): readonly CodePipelinePipelineStageDeclaration[] => [
  { Name: "Source", Actions: [sourceAction(plan.source, plan.facts.application)] },
  { Name: "Build", Actions: [buildAction] },
  ...plan.stages
    .filter((stage) => stage.deployments.length > 0)
    .map((stage) => ({ Name: `DeployTo-${stage.name}`, Actions: stageActions(plan, stage) })),
];

const actionType = (category: string, provider: string) => ({ Category: category, Owner: "AWS", Version: "1", Provider: provider });
const checkout = [{ Name: "SCCheckoutArtifact" }];
const buildOutput = [{ Name: "BuildOutput" }];

const buildAction: ActionDeclaration = {
  Name: "Build",
  ActionTypeId: actionType("Build", "CodeBuild"),
  Configuration: { ProjectName: ref("BuildProject") },
  RunOrder: 1,
  InputArtifacts: checkout,
  OutputArtifacts: buildOutput,
};

const stageActions = (plan: PipelinePlan, stage: StagePlan): readonly ActionDeclaration[] => [
  ...approvalActions(stage),
  ...stage.preDeployments.map((action) => projectAction(action, actionProjectId("Pre", stage.name, action.name))),
  ...stage.postDeployments.map((action) => projectAction(action, actionProjectId("Post", stage.name, action.name))),
  ...stage.deployments.map((deployment) => deployAction(plan, stage, deployment)),
  ...testActions(stage),
];

const approvalActions = (stage: StagePlan): readonly ActionDeclaration[] =>
  stage.approval === undefined
    ? []
    : [
        {
          Name: `ApprovePromotionTo-${stage.name}`,
          ActionTypeId: actionType("Approval", "Manual"),
          RunOrder: stage.approval.runOrder,
        },
      ];

const projectAction = (action: Placed<{ readonly name: string }>, projectId: string): ActionDeclaration => ({
  Name: action.name,
  RunOrder: action.runOrder,
  ActionTypeId: actionType("Build", "CodeBuild"),
  Configuration: { ProjectName: ref(projectId) },
  InputArtifacts: checkout,
  OutputArtifacts: [{ Name: `${projectId}Output` }],
});

function deployAction(plan: PipelinePlan, stage: StagePlan, deployment: Placed<DeploymentManifest>): ActionDeclaration {
  const file = `infrastructure/${deployment.name}-${stage.name}`;
  return {
    Name: `CreateOrUpdate-${deployment.name}-${stage.name}`,
    Region: stage.environment.region,
    ActionTypeId: actionType("Deploy", "CloudFormation"),
    Configuration: {
      ActionMode: "CREATE_UPDATE",
      StackName: deployment.stackName ?? `${plan.facts.application}-${stage.name}-${deployment.name}`,
      Capabilities: "CAPABILITY_IAM,CAPABILITY_NAMED_IAM,CAPABILITY_AUTO_EXPAND",
      TemplatePath: `BuildOutput::${deployment.templatePath ?? `${file}.stack.yml`}`,
      TemplateConfiguration: `BuildOutput::${deployment.templateConfig ?? `${file}.params.json`}`,
      RoleArn: stage.environment.executionRoleArn,
    },
    InputArtifacts: buildOutput,
    RunOrder: deployment.runOrder,
    RoleArn: stage.environment.managerRoleArn,
  };
}

const testActions = (stage: StagePlan): readonly ActionDeclaration[] =>
  stage.tests === undefined
    ? []
    : [
        {
          Name: "TestCommands",
          ActionTypeId: actionType("Test", "CodeBuild"),
          Configuration: { ProjectName: ref(testProjectId(stage.name)) },
          RunOrder: stage.tests.runOrder,
          InputArtifacts: checkout,
        },
      ];
