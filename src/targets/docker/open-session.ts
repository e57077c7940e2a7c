import { dirname } from "node:path";
import { Problem } from "../../model/problem.ts";
import { type BootstrapDependencies, type ControlPlaneConnection } from "./approach.ts";
import { openControlPlane } from "./bootstrap.ts";
import { controlPlaneClient } from "./client.ts";
import { defaultInstance, toInstanceNames } from "./instance-names.ts";
import { createPipelineClient } from "./pipeline-client.ts";
import type { Info } from "./protocol.ts";
import { createDockerSession, type DockerSession } from "./session.ts";

/**
 * A session with the control plane of the engine that `docker` points at, which is started where it does not run. In a build of a pipeline,
 * `COPILOT_CONTROL_PLANE` names the socket that leads to the control plane which runs the build.
 */
export async function openDockerSession(dependencies: BootstrapDependencies): Promise<DockerSession> {
  const given = dependencies.variables["COPILOT_CONTROL_PLANE"];
  if (given?.startsWith("unix:") === true) {
    const joined = await joinControlPlane(given.slice("unix:".length));
    return withPipelines(joined, () => Promise.reject(new Problem("in-a-build", "make images for builds: this is one")));
  }
  return withPipelines(await openControlPlane(dependencies), async () => {
    const { ensureBuildImages } = await import("./build-tools.ts");
    const { docker, machine, variables, tell, programFile } = dependencies;
    return ensureBuildImages({
      docker,
      tell,
      machine,
      path: variables["PATH"] ?? "",
      nodeProgram: machine.nodeProgram,
      programFolder: dirname(programFile),
    });
  });
}

function withPipelines(connection: ControlPlaneConnection, ensureImages: () => Promise<Readonly<Record<string, string>>>): DockerSession {
  const { client } = connection;
  return { ...createDockerSession(connection), pipelines: createPipelineClient({ client, address: client.address, ensureImages }) };
}

async function joinControlPlane(socketPath: string): Promise<ControlPlaneConnection> {
  const client = controlPlaneClient({ port: 0, token: "", socketPath });
  const info = await client.call<Info>("GET", "/v1/info");
  return { client, info, names: toInstanceNames(info.instance || defaultInstance), close: () => client.close() };
}
