import { equals, ref } from "../../cloudformation/intrinsics.ts";
import type { Parameter, Template } from "../../cloudformation/template.ts";
import { addonsStack } from "./addons-stack.ts";
import { appRunnerDomain } from "./app-runner-domain.ts";
import { imageRepository } from "./app-runner-image.ts";
import { privateIngress, vpcConnector } from "./app-runner-network.ts";
import { appRunnerRoles } from "./app-runner-roles.ts";
import { appRunnerService } from "./app-runner-service.ts";
import type { AppRunnerWorkload } from "./app-runner-workload.ts";
import { environmentController, sharedResources } from "./environment-controller.ts";
import { commonValues, mainImage } from "./stack-parameters.ts";
import type { ParameterValues } from "./stack-parameters.ts";
import { commonConditions, commonParameters, isGiven, number, templateMetadata, text } from "./template-parameters.ts";
import { topics } from "./topics.ts";
import { wholeSeconds } from "./whole-seconds.ts";

const healthCheckParameters = [
  "HealthCheckPath",
  "HealthCheckInterval",
  "HealthCheckTimeout",
  "HealthCheckHealthyThreshold",
  "HealthCheckUnhealthyThreshold",
] as const;

const optional: Parameter = { Type: "String", Default: "" };

/** The stack of a Request-Driven Web Service. */
export function requestDrivenWebService(workload: AppRunnerWorkload): Template {
  const { spec, facts } = workload;
  return {
    Description: "A request-driven web service on AWS App Runner, made by Copilot",
    Metadata: templateMetadata(spec, facts),
    Parameters: {
      ...commonParameters,
      ContainerImage: text,
      ContainerPort: number,
      ImageRepositoryType: text,
      InstanceCPU: text,
      InstanceMemory: text,
      ...Object.fromEntries(healthCheckParameters.map((name) => [name, optional])),
    },
    Conditions: {
      ...commonConditions,
      NeedsAccessRole: equals(ref("ImageRepositoryType"), "ECR"),
      ...Object.fromEntries(healthCheckParameters.map((name) => [`Has${name}`, isGiven(name)])),
    },
    Resources: {
      ...appRunnerRoles(workload),
      ...appRunnerService(workload),
      ...privateIngress(workload),
      ...addonsStack(spec, facts),
      ...appRunnerDomain(workload),
      ...topics(spec),
      ...(sharedResources(spec, facts).length === 0 ? {} : environmentController(spec, facts)),
      ...vpcConnector(workload),
    },
  };
}

/** Values of the stack's parameters. */
export function requestDrivenValues({ spec, task, request, facts }: AppRunnerWorkload): ParameterValues {
  const image = mainImage(spec, facts);
  const { path, interval, timeout, healthyThreshold, unhealthyThreshold } = request.healthCheck;
  const values = {
    ...commonValues(spec, facts),
    ContainerImage: image,
    ImageRepositoryType: image === "" ? "" : imageRepository(image),
    ContainerPort: request.port,
    InstanceCPU: task.cpu,
    InstanceMemory: task.memory,
    HealthCheckPath: path,
    HealthCheckInterval: wholeSeconds(interval),
    HealthCheckTimeout: wholeSeconds(timeout),
    HealthCheckHealthyThreshold: healthyThreshold,
    HealthCheckUnhealthyThreshold: unhealthyThreshold,
  };
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
}
