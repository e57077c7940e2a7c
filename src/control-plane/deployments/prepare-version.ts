import { Problem } from "../../model/problem.ts";
import type { StackDocument } from "../../targets/docker/stack-document.ts";
import type { Engine } from "../engine/engine.ts";
import type { EnvironmentKey } from "../object-names.ts";
import type { SiteStore } from "../sites/site-store.ts";
import type { ImageView } from "../supervision/image-view.ts";

/** What a document is checked against before anything is changed. */
export interface PrepareParts {
  readonly engine: Engine;
  readonly images: ImageView;
  readonly sites: Pick<SiteStore, "has" | "release">;
  readonly secretNames: (key: EnvironmentKey) => readonly string[];
}

/** Ids of a document's images by container name, of those that the engine has. */
export async function knownImages(images: ImageView, document: StackDocument): Promise<Readonly<Record<string, string>>> {
  const found = await Promise.all(
    (document.task?.containers ?? []).map(async (container) => [container.name, await images.id(container.image)] as const),
  );
  return Object.fromEntries(found.flatMap(([name, id]) => (id === undefined ? [] : [[name, id] as const])));
}

/** Pulls what the engine does not have; rejects with a Problem that names the image. */
export async function ensureImages(
  parts: PrepareParts,
  document: StackDocument,
  tellPull: (reference: string, status: "started" | "succeeded" | "failed") => void,
): Promise<Readonly<Record<string, string>>> {
  const missing = new Map<string, string | undefined>();
  for (const { image, platform } of document.task?.containers ?? []) {
    if ((await parts.images.id(image)) === undefined) missing.set(image, platform);
  }
  await Promise.all(
    [...missing].map(async ([reference, platform]) => {
      tellPull(reference, "started");
      try {
        await parts.engine.pullImage(reference, platform);
      } catch (error) {
        tellPull(reference, "failed");
        const why = error instanceof Error ? error.message : String(error);
        throw new Problem("image-not-found", `Image ${reference} cannot be used: the engine does not have it and pulling failed: ${why}`, {
          hint: `docker pull ${reference}`,
          cause: error,
        });
      }
      tellPull(reference, "succeeded");
    }),
  );
  return knownImages(parts.images, document);
}

/** The command that makes the first missing secret, with the names of the others: none is found out by a further deployment. */
function toSecretHint(application: string, [first = "", ...others]: readonly string[]): string {
  const command = `copilot secret init --app ${application} --name ${first}`;
  return others.length === 0 ? command : `${command}, then the same for ${others.join(", ")}`;
}

/** Rejects with a Problem when a secret or the files of a site are missing. */
export async function checkParts(parts: PrepareParts, document: StackDocument): Promise<void> {
  const key = { application: document.application, environment: document.environment };
  const known = new Set(parts.secretNames(key));
  const wanted = (document.task?.containers ?? []).flatMap((container) => Object.values(container.secrets));
  const missing = [...new Set(wanted)].filter((name) => !known.has(name)).toSorted();
  if (missing.length > 0) {
    throw new Problem(
      "secret-not-found",
      `${document.workload} cannot be deployed to ${document.environment}: the environment has no secret ${missing.map((name) => `"${name}"`).join(", ")}`,
      { hint: toSecretHint(document.application, missing) },
    );
  }
  if (document.site && !(await parts.sites.has(document.site.artifact))) {
    throw new Problem("artifact-not-found", `${document.workload} cannot be deployed: the files of its site were not uploaded`);
  }
}
