import { Problem } from "../../model/problem.ts";
import { EngineError, type Engine } from "../engine/engine.ts";

/** Removes every volume with these labels. Rejects with a Problem that names the containers of others which use one. */
export async function removeVolumes(
  engine: Pick<Engine, "listVolumes" | "removeVolume" | "inspectContainer">,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  const volumes = await engine.listVolumes(labels);
  await Promise.all(
    volumes.map(({ name }) =>
      engine.removeVolume(name).catch(async (error: unknown) => {
        throw await explain(engine, name, error);
      }),
    ),
  );
}

async function explain(engine: Pick<Engine, "inspectContainer">, volume: string, error: unknown): Promise<unknown> {
  if (!(error instanceof EngineError) || !/volume is in use/.test(error.message)) return error;
  const ids = error.message.match(/[0-9a-f]{64}/g) ?? [];
  const users = await Promise.all(ids.map(async (id) => (await engine.inspectContainer(id))?.name ?? id.slice(0, 12)));
  return new Problem(
    "volume-in-use",
    `The volume ${volume} cannot be deleted: the container ${users.join(", ")} uses it, which is not ours`,
    {
      hint: `docker rm --force ${users.join(" ")}`,
      cause: error,
    },
  );
}
