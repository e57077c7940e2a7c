import { dirname, join } from "node:path";
import type { Notice, StepProgress } from "../model/deployment.ts";
import type { ImageRegistry } from "../images/image-registry.ts";
import type { ImageDependencies } from "../images/provide-images.ts";
import type { ProvideImages } from "../operations/operation-context.ts";
import type { TargetName } from "../model/names.ts";
import { cacheFolder } from "../platform/cache-folder.ts";
import { nodeFiles } from "../platform/files.ts";
import { nodeProcesses } from "../platform/processes.ts";
import type { TargetConnection } from "./context.ts";

/** What a connection needs to know of this machine. */
export interface Machine {
  readonly variables: NodeJS.ProcessEnv;
  readonly home: string;
  readonly version: string;
  /** The control plane's program, bundled into one file. */
  readonly programFile: string;
  /** Aborted by Ctrl-C. */
  readonly signal?: AbortSignal;
}

/** The code of builds is loaded with the first workload that has an image. */
function lazyImages({
  docker,
  machine,
  present,
}: Pick<ImageDependencies, "docker" | "present"> & { readonly machine: Machine }): ProvideImages {
  let loaded: Promise<ProvideImages> | undefined;
  const load = async (): Promise<ProvideImages> => {
    const [{ createImageProvider }, { cachedFileHashes }] = await Promise.all([
      import("../images/provide-images.ts"),
      import("../images/file-hashes.ts"),
    ]);
    const hashes = cachedFileHashes(cacheFolder(machine.variables, machine.home), Date.now);
    return createImageProvider({ docker, present, hashes, now: () => new Date() });
  };
  return async (spec, options) => {
    loaded ??= load();
    return (await loaded)(spec, options);
  };
}

/** The code of builds and pushes is loaded with the first workload whose images are pushed. */
function lazyPushes(registry: ImageRegistry, { variables, home, version }: Machine): ProvideImages {
  let loaded: Promise<ProvideImages> | undefined;
  const load = async (): Promise<ProvideImages> => {
    const [{ createImagePusher }, { commitTag }, { dockerCommand }] = await Promise.all([
      import("../images/push-images.ts"),
      import("../images/commit-tag.ts"),
      import("../targets/docker/docker-command.ts"),
    ]);
    return createImagePusher({
      docker: dockerCommand(variables),
      registry,
      commitTag: (root) => commitTag(nodeProcesses, root),
      dockerSettings: () => nodeFiles.readText(join(variables["DOCKER_CONFIG"] || join(home, ".docker"), "config.json")),
      version,
      ci: variables["CI"] === "true",
      architecture: process.arch,
      now: () => new Date(),
    });
  };
  return async (spec, options) => {
    // A template without images is what pipelines and people look at; the reference of one that was not pushed would be made up.
    if (!options.build) return {};
    loaded ??= load();
    return (await loaded)(spec, options);
  };
}

/** The user's settings of this product. */
const settingsDirectory = ({ variables, home }: Machine): string => join(variables["XDG_CONFIG_HOME"] || join(home, ".config"), "copilot");

async function openAws(machine: Machine, report: (event: StepProgress | Notice) => void): Promise<TargetConnection> {
  const { variables, version, programFile, signal } = machine;
  const [{ openAwsSession }, { createCdkMachine }] = await Promise.all([
    import("../targets/aws/open-session.ts"),
    import("../overrides/cdk-machine.ts"),
  ]);
  const cdk = createCdkMachine(nodeProcesses, nodeFiles, (message) => report({ type: "notice", level: "warning", message }));
  // The archives of the functions stand beside the bundled programs.
  const { session, registry } = await openAwsSession({
    variables,
    version,
    functionsFolder: join(dirname(programFile), "custom-resources"),
    machine: cdk,
    ...(signal === undefined ? {} : { signal }),
  });
  return { session, provideImages: lazyPushes(registry, machine) };
}

/** Connects to a target; its code is loaded here and nowhere else. */
export async function openTarget(
  target: TargetName,
  machine: Machine,
  report: (event: StepProgress | Notice) => void,
): Promise<TargetConnection> {
  if (target === "aws") return openAws(machine, report);
  const [{ openDockerSession }, { dockerCommand, dockerProcess }] = await Promise.all([
    import("../targets/docker/open-session.ts"),
    import("../targets/docker/docker-command.ts"),
  ]);
  const { variables, home, version, programFile } = machine;
  const docker = dockerCommand(variables);
  const session = await openDockerSession({
    docker,
    dockerProcess: dockerProcess(variables),
    variables,
    home,
    settingsDirectory: settingsDirectory(machine),
    programFile,
    version,
    machine: { platform: process.platform, architecture: process.arch, nodeProgram: process.execPath },
    tell: (message) => report({ type: "notice", level: "info", message }),
  });
  return { session, provideImages: lazyImages({ docker, machine, present: (references) => session.imagesPresent(references) }) };
}
