import type { JobSpec } from "../../../../model/workload-spec.ts";
import { getAtt, join, partition, ref, sub } from "../../cloudformation/intrinsics.ts";
import { assumedByService } from "../../cloudformation/policy.ts";
import type { PolicyStatement } from "../../cloudformation/policy.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { inCluster } from "./desired-count.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import { logGroupArn } from "./log-group.ts";
import { environmentExport } from "./naming.ts";
import { environmentSecurityGroup, ownSecurityGroups, placedSubnets, publicAddress } from "./network.ts";
import { permissionsBoundary, rolePolicy } from "./roles.ts";
import { platformVersion } from "./task-definition.ts";

/** Texts that are put into a JSON list of the definition stand between quotes there. */
const listDelimiter = '","';

/** The state machine that runs a job's task, again when it fails, and ends it when it takes too long. */
export function stateMachine(workload: EcsWorkload): Resources {
  const { spec, facts } = workload;
  const { network } = spec;
  const subnets = placedSubnets(network, facts);
  return {
    StateMachine: resource(
      "AWS::StepFunctions::StateMachine",
      {
        StateMachineName: sub("${AppName}-${EnvName}-${WorkloadName}"),
        RoleArn: getAtt("StateMachineRole", "Arn"),
        LoggingConfiguration: {
          Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: logGroupArn } }],
          IncludeExecutionData: true,
          Level: "ALL",
        },
        DefinitionSubstitutions: {
          ContainerName: ref("WorkloadName"),
          Cluster: environmentExport("ClusterId"),
          TaskDefinition: ref("TaskDefinition"),
          Partition: partition,
          Subnets: join(listDelimiter, subnets),
          AssignPublicIp: publicAddress(network),
          SecurityGroups: join(listDelimiter, [environmentSecurityGroup, ...ownSecurityGroups(network, facts)]),
        },
        DefinitionString: definition(platformVersion(workload), spec.job),
      },
      { description: "A state machine that runs your job, with its retries and its time limit" },
    ),
    StateMachineRole: resource(
      "AWS::IAM::Role",
      {
        AssumeRolePolicyDocument: assumedByService("states.amazonaws.com"),
        PermissionsBoundary: permissionsBoundary(facts),
        Policies: [rolePolicy("StateMachine", ...runTasks)],
      },
      { description: "An IAM role for the state machine to run your job's tasks" },
    ),
  };
}

/** CloudFormation compares this text with that of live stacks, so its layout, to the blanks at its end, is part of the contract. */
function definition(platform: string, job: JobSpec | undefined): string {
  const retry = {
    Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 10, MaxAttempts: job?.retries, BackoffRate: 1.5 }],
  };
  const machine = {
    Version: "1.0",
    Comment: "Run AWS Fargate task",
    TimeoutSeconds: job?.timeout,
    StartAt: "Run Fargate Task",
    States: {
      "Run Fargate Task": {
        Type: "Task",
        Resource: "arn:${Partition}:states:::ecs:runTask.sync",
        Parameters: {
          LaunchType: "FARGATE",
          PlatformVersion: platform,
          Cluster: "${Cluster}",
          TaskDefinition: "${TaskDefinition}",
          PropagateTags: "TASK_DEFINITION",
          "Group.$": "$$.Execution.Name",
          NetworkConfiguration: {
            AwsvpcConfiguration: {
              Subnets: ["${Subnets}"],
              AssignPublicIp: "${AssignPublicIp}",
              SecurityGroups: ["${SecurityGroups}"],
            },
          },
        },
        ...(job?.retries === undefined || job.retries === 0 ? {} : retry),
        End: true,
      },
    },
  };
  const text = JSON.stringify(machine, undefined, 2).replace(/\[\n\s+("\$\{\w+\}")\n\s+\]/g, "[$1]");
  return `${text}${" ".repeat(6)}`;
}

const runTasks: readonly PolicyStatement[] = [
  { Effect: "Allow", Action: "iam:PassRole", Resource: [getAtt("ExecutionRole", "Arn"), getAtt("TaskRole", "Arn")] },
  { Effect: "Allow", Action: "ecs:RunTask", Resource: ref("TaskDefinition"), Condition: inCluster("ClusterID") },
  { Effect: "Allow", Action: ["ecs:StopTask", "ecs:DescribeTasks"], Resource: "*", Condition: inCluster("ClusterID") },
  {
    Effect: "Allow",
    Action: [
      "logs:CreateLogDelivery",
      "logs:GetLogDelivery",
      "logs:UpdateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:DescribeResourcePolicies",
      "logs:DescribeLogGroups",
    ],
    Resource: "*",
  },
  {
    Effect: "Allow",
    Action: ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
    Resource: sub("arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/StepFunctionsGetEventsForECSTaskRule"),
  },
];
