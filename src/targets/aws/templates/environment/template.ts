import { ref } from "../../cloudformation/intrinsics.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources, Template } from "../../cloudformation/template.ts";
import { accessLogMappings, accessLogs, createsAccessLogsBucket } from "./access-logs.ts";
import { appRunnerEndpoint } from "./app-runner-endpoint.ts";
import { cdn } from "./cdn.ts";
import { cluster } from "./cluster.ts";
import { domain } from "./domain.ts";
import { executionRole } from "./execution-role.ts";
import { fileSystem } from "./file-system.ts";
import { flowLogs } from "./flow-logs.ts";
import type { EnvironmentFacts, EnvironmentStackFacts } from "../../environment-facts.ts";
import type { EnvironmentTemplateInput } from "./template-input.ts";
import { internalLoadBalancer, publicLoadBalancer } from "./load-balancers.ts";
import { logPolicy } from "./log-policy.ts";
import { managerRole } from "./manager-role.ts";
import { network, toNetwork } from "./network.ts";
import { environmentOutputs, roleOutputs } from "./outputs.ts";
import { bootstrapParameters, environmentConditions, environmentParameters } from "./parameters.ts";
import { securityGroups } from "./security-groups.ts";

/** The stack with which an environment begins: the two roles by which everything else is made. */
export const bootstrapTemplate = (facts: EnvironmentStackFacts): Template => ({
  Description: "The roles by which Copilot and CloudFormation manage an environment.",
  Metadata: { Version: "bootstrap" },
  Parameters: bootstrapParameters,
  Resources: { ...executionRole(facts), ...managerRole(facts, { certificates: [], emptiesAccessLogs: false }) },
  Outputs: roleOutputs,
});

/** What the workloads of an environment share: network, cluster, load balancers, file system, domain. */
export function environmentTemplate(input: EnvironmentTemplateInput): Template {
  const { spec, facts } = input;
  return {
    Description: "What the workloads of a Copilot environment share.",
    Metadata: { Version: facts.version, ...(spec.manifest === "" ? {} : { Manifest: spec.manifest }) },
    Parameters: environmentParameters,
    Mappings: accessLogMappings(spec),
    Conditions: environmentConditions,
    Resources: environmentResources(input),
    Outputs: environmentOutputs(input, toNetwork(spec.vpc)),
  };
}

function environmentResources(input: EnvironmentTemplateInput): Resources {
  const { spec, facts } = input;
  const net = toNetwork(spec.vpc);
  const certificates = spec.publicHttp.certificates ?? [];
  return {
    ...executionRole(facts),
    ...managerRole(facts, {
      certificates: [
        ...certificates,
        ...(spec.privateHttp.certificates ?? []),
        ...(spec.cdn?.certificate === undefined ? [] : [spec.cdn.certificate]),
      ],
      emptiesAccessLogs: createsAccessLogsBucket(spec),
    }),
    ...accessLogs(spec, facts),
    ...cdn(input),
    ...network(spec.vpc),
    ...cluster(net, spec.containerInsights),
    ...securityGroups(spec, facts, net),
    ...publicLoadBalancer(spec, net),
    ...internalLoadBalancer(spec, net),
    ...fileSystem(net),
    ...(certificates.length === 0 ? domain(facts, spec.cdn !== undefined) : {}),
    ...appRunnerEndpoint(spec, net),
    ...flowLogs(input, net),
    ...addonsStack(facts.addons),
    ...logPolicy(),
  };
}

function addonsStack(addons: EnvironmentFacts["addons"]): Resources {
  if (addons === undefined) return {};
  return {
    AddonsStack: resource(
      "AWS::CloudFormation::Stack",
      { Parameters: { App: ref("AppName"), Env: ref("EnvironmentName"), ...addons.parameters }, TemplateURL: addons.templateUrl },
      { description: "The stack of your own resources for this environment" },
    ),
  };
}
