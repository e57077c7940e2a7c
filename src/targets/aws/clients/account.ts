import type { AppRunner } from "./app-runner.ts";
import type { Certificates } from "./certificates.ts";
import type { AwsConnection } from "./connection.ts";
import type { CodePipelines } from "./code-pipelines.ts";
import type { CodeConnections } from "./connections.ts";
import type { ContainerRegistry } from "./container-registry.ts";
import type { Identity } from "./identity.ts";
import type { LoadBalancers } from "./load-balancers.ts";
import type { Network } from "./network.ts";
import type { Objects } from "./objects.ts";
import type { ParameterStore } from "./parameter-store.ts";
import type { Stacks } from "./stacks.ts";
import type { TaskDefinitions } from "./task-definitions.ts";
import type { TaggedResources } from "./tagged-resources.ts";

/** What of AWS is within reach as somebody in a region. The code of each service is loaded when it is first asked for. */
export interface Account {
  readonly region: string;
  readonly parameters: () => Promise<ParameterStore>;
  readonly stacks: () => Promise<Stacks>;
  readonly identity: () => Promise<Identity>;
  readonly certificates: () => Promise<Certificates>;
  readonly loadBalancers: () => Promise<LoadBalancers>;
  readonly network: () => Promise<Network>;
  readonly tagged: () => Promise<TaggedResources>;
  readonly objects: () => Promise<Objects>;
  readonly registry: () => Promise<ContainerRegistry>;
  readonly connections: () => Promise<CodeConnections>;
  readonly taskDefinitions: () => Promise<TaskDefinitions>;
  readonly appRunner: () => Promise<AppRunner>;
  readonly codePipelines: () => Promise<CodePipelines>;
}

/** Opens an account in a region. `now` is in milliseconds since 1970. */
export const openAccount = (connection: AwsConnection, now: () => number): Account => ({
  region: connection.region,
  parameters: once(async () => (await import("./parameter-store.ts")).openParameterStore(connection)),
  stacks: once(async () => (await import("./stacks.ts")).openStacks(connection)),
  identity: once(async () => (await import("./identity.ts")).openIdentity(connection, now)),
  certificates: once(async () => (await import("./certificates.ts")).openCertificates(connection)),
  loadBalancers: once(async () => (await import("./load-balancers.ts")).openLoadBalancers(connection)),
  network: once(async () => (await import("./network.ts")).openNetwork(connection)),
  tagged: once(async () => (await import("./tagged-resources.ts")).openTaggedResources(connection)),
  objects: once(async () => (await import("./objects.ts")).openObjects(connection)),
  taskDefinitions: once(async () => (await import("./task-definitions.ts")).openTaskDefinitions(connection)),
  appRunner: once(async () => (await import("./app-runner.ts")).openAppRunner(connection)),
  codePipelines: once(async () => (await import("./code-pipelines.ts")).openCodePipelines(connection)),
  connections: once(async () => (await import("./connections.ts")).openCodeConnections(connection)),
  registry: once(async () => (await import("./container-registry.ts")).openContainerRegistry(connection)),
});

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
