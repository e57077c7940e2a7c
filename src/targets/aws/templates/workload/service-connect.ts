import { ifElse, join, noValue, ref } from "../../cloudformation/intrinsics.ts";
import type { Value } from "../../cloudformation/intrinsics.ts";
import type { ECSServiceServiceConnectConfiguration } from "../../cloudformation/resource-types.ts";
import { asWritten } from "../../cloudformation/written-text.ts";
import { mainContainer } from "./ecs-workload.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import { awsLogs } from "./log-group.ts";

/** The container and port that other services connect to; `undefined` where there is none, as with UDP, which cannot be connected to. */
export function connectServer(workload: EcsWorkload): { readonly container: string; readonly port: number } | undefined {
  const { spec, task, routing } = workload;
  if (spec.type !== "Load Balanced Web Service" && spec.type !== "Backend Service") return undefined;
  const main = mainContainer(task);
  const target = routing?.rules[0]?.rule;
  const container = target?.targetContainer ?? main.name;
  const port = target?.targetPort ?? main.ownPort;
  if (port === undefined) return undefined;
  const mapping = task.containers.find(({ name }) => name === container)?.ports.find((candidate) => candidate.port === port);
  return mapping?.protocol === "udp" ? undefined : { container, port };
}

/** How a service takes part in Service Connect, which AWS GovCloud lacks. */
export function serviceConnect(workload: EcsWorkload): Value<ECSServiceServiceConnectConfiguration> {
  const { spec, facts } = workload;
  if (spec.connect?.enabled !== true) return ifElse<ECSServiceServiceConnectConfiguration>("IsGovCloud", noValue, { Enabled: false });
  const isServer = connectServer(workload) !== undefined;
  return {
    Enabled: true,
    Namespace: facts.environment.serviceDiscoveryEndpoint,
    LogConfiguration: awsLogs,
    Services: isServer ? [connectService(spec.connect.alias)] : undefined,
  };
}

/** Service discovery has the service's name in the namespace already, so this one has another. */
const connectService = (alias: string | undefined) => ({
  PortName: "target",
  DiscoveryName: join("-", [ref("WorkloadName"), "sc"]),
  ClientAliases: [{ Port: ref("TargetPort"), DnsName: alias === undefined ? ref("WorkloadName") : asWritten(alias) }],
});
