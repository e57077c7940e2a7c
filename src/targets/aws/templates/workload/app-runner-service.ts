import { getAtt, ifElse, noValue, ref, sub } from "../../cloudformation/intrinsics.ts";
import type { Text } from "../../cloudformation/intrinsics.ts";
import type {
  AppRunnerServiceHealthCheckConfiguration,
  AppRunnerServiceImageConfiguration,
  AppRunnerServiceKeyValuePair,
  AppRunnerServiceNetworkConfiguration,
} from "../../cloudformation/resource-types.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { asWritten } from "../../cloudformation/written-text.ts";
import { appRunnerTags, isInNetwork } from "./app-runner-workload.ts";
import type { AppRunnerWorkload } from "./app-runner-workload.ts";
import { mainContainer } from "./ecs-workload.ts";
import { sortedEntries, toVariableName, unlessEmpty } from "./naming.ts";
import { addonsOutput, secretReference, toText } from "./secrets.ts";
import { topicArns } from "./topics.ts";

/** The App Runner service. */
export const appRunnerService = (workload: AppRunnerWorkload): Resources => ({
  Service: resource(
    "AWS::AppRunner::Service",
    {
      ServiceName: sub("${AppName}-${EnvName}-${WorkloadName}"),
      SourceConfiguration: {
        AuthenticationConfiguration: ifElse<{ readonly AccessRoleArn: Text }>(
          "NeedsAccessRole",
          { AccessRoleArn: getAtt("AccessRole", "Arn") },
          noValue,
        ),
        AutoDeploymentsEnabled: false,
        ImageRepository: {
          ImageIdentifier: ref("ContainerImage"),
          ImageRepositoryType: ref("ImageRepositoryType"),
          ImageConfiguration: imageConfiguration(workload),
        },
      },
      InstanceConfiguration: {
        Cpu: ref("InstanceCPU"),
        Memory: ref("InstanceMemory"),
        InstanceRoleArn: getAtt("InstanceRole", "Arn"),
      },
      HealthCheckConfiguration: hasHealthCheck(workload) ? healthCheck : undefined,
      NetworkConfiguration: networkConfiguration(workload),
      ...observability(workload),
      AutoScalingConfigurationArn: autoScaling(workload),
      Tags: appRunnerTags(workload),
    },
    { description: "An App Runner service that runs your containers" },
  ),
});

function imageConfiguration(workload: AppRunnerWorkload): AppRunnerServiceImageConfiguration {
  const { request, task, facts } = workload;
  const secrets = sortedEntries(mainContainer(task).secrets).map(([name, source]) => pair(name, secretReference(source)));
  return {
    Port: ref("ContainerPort"),
    RuntimeEnvironmentSecrets: unlessEmpty([
      ...secrets,
      ...(facts.addons?.secrets ?? []).map((output) => pair(toVariableName(output), addonsOutput(output))),
    ]),
    RuntimeEnvironmentVariables: variables(workload),
    StartCommand: request.startCommand === undefined ? undefined : asWritten(request.startCommand),
  };
}

const pair = (name: string, value: Text): AppRunnerServiceKeyValuePair => ({ Name: name, Value: value });

/** App Runner gives no access to a secret's ARN, so an addon's secret is also a variable of its own. */
function variables({ spec, task, facts }: AppRunnerWorkload): readonly AppRunnerServiceKeyValuePair[] {
  return [
    pair("COPILOT_APPLICATION_NAME", ref("AppName")),
    pair("COPILOT_ENVIRONMENT_NAME", ref("EnvName")),
    pair("COPILOT_SERVICE_NAME", ref("WorkloadName")),
    ...(isInNetwork(spec) ? [pair("COPILOT_SERVICE_DISCOVERY_ENDPOINT", facts.environment.serviceDiscoveryEndpoint)] : []),
    ...(spec.publishes.length === 0 ? [] : [pair("COPILOT_SNS_TOPIC_ARNS", JSON.stringify(topicArns(spec, facts)))]),
    ...sortedEntries(mainContainer(task).variables).map(([name, value]) => pair(name, toText(value))),
    ...(facts.addons?.variables ?? []).map((output) => pair(toVariableName(output), addonsOutput(output))),
    ...(facts.addons?.secrets ?? []).map((output) => pair(`${toVariableName(output)}_ARN`, addonsOutput(output))),
  ];
}

const hasHealthCheck = ({ request }: AppRunnerWorkload): boolean => Object.values(request.healthCheck).some((value) => value !== undefined);

const givenParameter = (parameter: string) => ifElse<never>(`Has${parameter}`, ref(parameter), noValue);

const healthCheck: AppRunnerServiceHealthCheckConfiguration = {
  Path: givenParameter("HealthCheckPath"),
  Protocol: "HTTP",
  Interval: givenParameter("HealthCheckInterval"),
  Timeout: givenParameter("HealthCheckTimeout"),
  HealthyThreshold: givenParameter("HealthCheckHealthyThreshold"),
  UnhealthyThreshold: givenParameter("HealthCheckUnhealthyThreshold"),
};

const networkConfiguration = ({ spec, request }: AppRunnerWorkload): AppRunnerServiceNetworkConfiguration => ({
  EgressConfiguration: isInNetwork(spec) ? { EgressType: "VPC", VpcConnectorArn: ref("VpcConnector") } : { EgressType: "DEFAULT" },
  IngressConfiguration: request.private === false ? undefined : { IsPubliclyAccessible: false },
});

const observability = ({ spec }: AppRunnerWorkload) =>
  spec.tracing === undefined
    ? {}
    : {
        ObservabilityConfiguration: {
          ObservabilityEnabled: true,
          ObservabilityConfigurationArn: sub(
            "arn:aws:apprunner:${AWS::Region}:${AWS::AccountId}:observabilityconfiguration/DefaultConfiguration/1/00000000000000000000000000000001",
          ),
        },
      };

const autoScaling = ({ request: { scalingConfiguration } }: AppRunnerWorkload): Text | undefined =>
  scalingConfiguration === undefined
    ? undefined
    : sub(`arn:\${AWS::Partition}:apprunner:\${AWS::Region}:\${AWS::AccountId}:autoscalingconfiguration/${scalingConfiguration}`);
