import { approachControlPlane, type BootstrapDependencies } from "./approach.ts";
import { mustSucceed } from "./control-plane-container.ts";
import type { DockerCommand } from "./docker-command.ts";
import { removeEngineRecord } from "./engine-record.ts";
import { instanceLabel, roleLabel } from "./instance-names.ts";

const lines = (text: string): readonly string[] => text.split("\n").filter((line) => line !== "");

/** What was taken away, by kind. */
export interface Removal {
  readonly containers: number;
  readonly networks: number;
  readonly volumes: number;
  readonly images: number;
}

async function list(docker: DockerCommand, args: readonly string[]): Promise<readonly string[]> {
  return [...new Set(lines(await mustSucceed(docker, args, "What is on the engine could not be listed")))];
}

/** Images are shared by the instances of an engine: they go with the last one. */
async function removeImages(docker: DockerCommand): Promise<number> {
  if ((await list(docker, ["container", "ls", "--all", "--quiet", "--filter", `label=${roleLabel}=control-plane`])).length > 0) return 0;
  const images = await list(docker, [
    "image",
    "ls",
    "--format",
    "{{.Repository}}:{{.Tag}}",
    "--filter",
    "reference=copilot/*",
    "--filter",
    "reference=copilot/*/*",
  ]);
  if (images.length > 0) await docker(["image", "rm", "--force", ...images]);
  return images.length;
}

/** An engine that counts wrongly who is in a network, as 20.10 may after many containers ended at once, keeps an empty one until its restart. */
async function removeNetwork({ docker, tell }: BootstrapDependencies, id: string): Promise<void> {
  if ((await docker(["network", "rm", id])).code === 0) return;
  const inside = await docker(["network", "inspect", "--format", "{{len .Containers}} {{.Name}}", id]);
  const [count, name = id] = inside.stdout.trim().split(" ");
  if (inside.code === 0 && count === "0") tell(`The engine keeps the empty network ${name} until it is restarted`);
  else if (inside.code === 0) await mustSucceed(docker, ["network", "rm", id], "A network could not be removed");
}

/**
 * Takes away everything that an instance has on the engine: the control plane first, so that nothing is made again, then tasks, ingress,
 * networks, volumes, the images that were built, and our record of how it was reached. The applications' data is gone with it.
 */
export async function removeControlPlane(dependencies: BootstrapDependencies): Promise<Removal> {
  const { docker } = dependencies;
  const { names, recordFile } = await approachControlPlane(dependencies);
  const ofInstance = ["--filter", `label=${instanceLabel}=${names.instance}`];
  await docker(["container", "rm", "--force", "--volumes", names.controlPlane]);
  const containers = await list(docker, ["container", "ls", "--all", "--quiet", ...ofInstance]);
  if (containers.length > 0)
    await mustSucceed(docker, ["container", "rm", "--force", "--volumes", ...containers], "Containers could not be removed");
  const networks = await list(docker, ["network", "ls", "--quiet", ...ofInstance]);
  for (const network of networks) await removeNetwork(dependencies, network);
  const volumes = await list(docker, ["volume", "ls", "--quiet", ...ofInstance]);
  if (volumes.length > 0) await mustSucceed(docker, ["volume", "rm", "--force", ...volumes], "Volumes could not be removed");
  const images = await removeImages(docker);
  await removeEngineRecord(recordFile);
  return { containers: containers.length, networks: networks.length, volumes: volumes.length, images };
}
