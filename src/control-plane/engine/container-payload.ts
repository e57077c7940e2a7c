import type { ContainerRequest, EngineMount } from "./engine.ts";

const nanoseconds = 1_000_000_000;

/** A container request as the body of `POST /containers/create`. */
export function toContainerPayload(request: ContainerRequest): object {
  return {
    Image: request.image,
    Labels: request.labels,
    ...(request.entrypoint ? { Entrypoint: request.entrypoint } : {}),
    ...(request.command ? { Cmd: request.command } : {}),
    ...(request.environment ? { Env: Object.entries(request.environment).map(([name, value]) => `${name}=${value}`) } : {}),
    ...(request.workingDirectory ? { WorkingDir: request.workingDirectory } : {}),
    ...(request.user ? { User: request.user } : {}),
    ...(request.hostname ? { Hostname: request.hostname } : {}),
    ...(request.stopTimeout === undefined ? {} : { StopTimeout: request.stopTimeout }),
    ...(request.healthCheck ? { Healthcheck: toHealthPayload(request.healthCheck) } : {}),
    ExposedPorts: Object.fromEntries((request.ports ?? []).map((port) => [`${port.containerPort}/${port.protocol}`, {}])),
    HostConfig: toHostPayload(request),
    ...toNetworkingPayload(request),
  };
}

function toHealthPayload(check: NonNullable<ContainerRequest["healthCheck"]>): object {
  return {
    Test: check.test,
    Interval: check.interval * nanoseconds,
    Timeout: check.timeout * nanoseconds,
    Retries: check.retries,
    StartPeriod: check.startPeriod * nanoseconds,
  };
}

function toHostPayload(request: ContainerRequest): object {
  const { network } = request;
  const nameServers = network.kind === "network" ? network.nameServers : undefined;
  const searchDomains = network.kind === "network" ? network.searchDomains : undefined;
  return {
    NetworkMode: toNetworkMode(network),
    RestartPolicy: { Name: request.restart },
    Mounts: (request.mounts ?? []).map(toMountPayload),
    PortBindings: toBindings(request.ports ?? []),
    ...(nameServers ? { Dns: nameServers } : {}),
    ...(searchDomains ? { DnsSearch: searchDomains } : {}),
    ...(request.readonlyRoot ? { ReadonlyRootfs: true } : {}),
    // Swap is held to the same figure: a task that needs more memory than it has shall end, as it does on ECS.
    ...(request.memory === undefined ? {} : { Memory: request.memory, MemorySwap: request.memory }),
    ...(request.processors === undefined ? {} : { NanoCpus: Math.round(request.processors * nanoseconds) }),
    ...(request.processorShares === undefined ? {} : { CpuShares: request.processorShares }),
    ...(request.privileged ? { Privileged: true } : {}),
    ...(request.kernelSettings ? { Sysctls: request.kernelSettings } : {}),
    LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
  };
}

function toNetworkMode(network: ContainerRequest["network"]): string {
  switch (network.kind) {
    case "none":
      return "none";
    case "container":
      return `container:${network.containerId}`;
    case "network":
      return network.name;
  }
}

function toMountPayload(mount: EngineMount): object {
  return {
    Type: mount.kind,
    Source: mount.source,
    Target: mount.target,
    ReadOnly: mount.readOnly,
    ...(mount.kind === "volume" && mount.withoutCopy ? { VolumeOptions: { NoCopy: true } } : {}),
  };
}

function toBindings(ports: NonNullable<ContainerRequest["ports"]>): object {
  return Object.fromEntries(
    ports.map((port) => [
      `${port.containerPort}/${port.protocol}`,
      [{ HostIp: port.hostAddress, HostPort: port.hostPort === 0 ? "" : String(port.hostPort) }],
    ]),
  );
}

function toNetworkingPayload(request: ContainerRequest): object {
  if (request.network.kind !== "network") return {};
  const { name, address, aliases } = request.network;
  if (!address && !aliases) return {};
  return {
    NetworkingConfig: {
      EndpointsConfig: {
        [name]: { ...(address ? { IPAMConfig: { IPv4Address: address } } : {}), ...(aliases ? { Aliases: aliases } : {}) },
      },
    },
  };
}
