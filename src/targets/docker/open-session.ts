import { openControlPlane, type BootstrapDependencies, type ControlPlaneConnection } from "./bootstrap.ts";
import { controlPlaneClient } from "./client.ts";
import { defaultInstance, toInstanceNames } from "./instance-names.ts";
import type { Info } from "./protocol.ts";
import { createDockerSession, type DockerSession } from "./session.ts";

/**
 * A session with the control plane of the engine that `docker` points at, which is started where it does not run. In a build of a pipeline,
 * `COPILOT_CONTROL_PLANE` names the socket that leads to the control plane which runs the build.
 */
export async function openDockerSession(dependencies: BootstrapDependencies): Promise<DockerSession> {
  const given = dependencies.variables["COPILOT_CONTROL_PLANE"];
  if (given?.startsWith("unix:") === true) return createDockerSession(await joinControlPlane(given.slice("unix:".length)));
  return createDockerSession(await openControlPlane(dependencies));
}

async function joinControlPlane(socketPath: string): Promise<ControlPlaneConnection> {
  const client = controlPlaneClient({ port: 0, token: "", socketPath });
  const info = await client.call<Info>("GET", "/v1/info");
  return { client, info, names: toInstanceNames(info.instance || defaultInstance), close: () => client.close() };
}
