import { Problem } from "../../../model/problem.ts";
import { toolsFolder } from "../../../pipelines/agent/tools-folder.ts";
import type { Engine } from "../../engine/engine.ts";
import { labelNames } from "../../object-names.ts";
import { namePrefix } from "../../../targets/docker/instance-names.ts";

/**
 * The volume that holds what the tools image has in its folder, filled by the engine when it is first mounted. It is named for the image,
 * so that a new edition is a new volume.
 */
export async function ensureToolsVolume(engine: Engine, instance: string, image: string): Promise<string> {
  const found = (await engine.inspectImage(image)) ?? (await engine.inspectImage(newestTools));
  if (found === undefined) {
    throw new Problem("build-tools-missing", `The build cannot start: the engine does not have ${image}`, {
      hint: "copilot pipeline deploy",
    });
  }
  const edition = found.id.replace(/^sha256:/, "").slice(0, 12);
  const name = `${namePrefix(instance)}-build-tools-${edition}`;
  const labels = { [labelNames.instance]: instance, [labelNames.role]: "build-tools" };
  const ready = `${name}-ready`;
  if ((await engine.listVolumes(labels)).some((volume) => volume.name === ready)) return name;
  await engine.createVolume(name, labels);
  const holder = `${name}-filler`;
  await engine.removeContainer(holder);
  const id = await engine.createContainer({
    name: holder,
    image: found.id,
    labels,
    command: ["true"],
    network: { kind: "none" },
    mounts: [{ kind: "volume", source: name, target: toolsFolder, readOnly: false }],
    restart: "no",
  });
  await engine.removeContainer(id);
  // A second, empty volume says that the first was filled to its end: the engine has no other mark which survives us.
  await engine.createVolume(ready, labels);
  await removeOlderTools(engine, labels, name);
  return name;
}

/** The newest edition of the tools image: an older one is removed when a newer is made. */
const newestTools = "copilot/platform:build-tools";

/** Takes away the volumes of older editions; one that a build still uses stays until a next edition. */
async function removeOlderTools(engine: Engine, labels: Readonly<Record<string, string>>, current: string): Promise<void> {
  const older = (await engine.listVolumes(labels)).filter(({ name }) => !name.startsWith(current));
  await Promise.all(older.map(({ name }) => engine.removeVolume(name).catch(() => undefined)));
}
