import { openControlPlane, type BootstrapDependencies } from "./bootstrap.ts";
import { createDockerSession, type DockerSession } from "./session.ts";

/** A session with the control plane of the engine that `docker` points at, which is started where it does not run. */
export async function openDockerSession(dependencies: BootstrapDependencies): Promise<DockerSession> {
  return createDockerSession(await openControlPlane(dependencies));
}
