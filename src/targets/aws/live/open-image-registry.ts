import type { ImageOwner, ImageRegistry } from "../../../images/image-registry.ts";
import { Problem } from "../../../model/problem.ts";
import type { Account } from "../clients/account.ts";
import type { LiveApplications } from "./live-application.ts";

/** The repositories of workloads in the application's account, in the region of an environment. */
export function openImageRegistry(live: LiveApplications, open: (region: string) => Account): ImageRegistry {
  const regionOf = async ({ application, environment }: ImageOwner) => (await live.environment(application, environment)).region;
  return {
    repository: async (owner) => {
      const region = await regionOf(owner);
      const { repositories } = await live.resources(owner.application, region);
      const known = repositories[owner.name];
      if (known !== undefined) return known;
      const name = `${owner.application}/${owner.name}`;
      const found = await (await open(region).registry()).repositoryUri(name);
      if (found !== undefined) return found;
      throw new Problem("repository-missing", `push the images of ${owner.name}: ${region} has no repository ${name}`, {
        hint: "`svc init` and `job init` of the original make it",
      });
    },
    credentials: async (owner) => (await open(await regionOf(owner)).registry()).login(),
  };
}
