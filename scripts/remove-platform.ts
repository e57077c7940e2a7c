import { homedir } from "node:os";
import { join } from "node:path";
import { dockerCommand, dockerProcess } from "../src/targets/docker/docker-command.ts";
import { removeControlPlane } from "../src/targets/docker/remove-control-plane.ts";

/**
 * Takes away everything of the instance that `COPILOT_INSTANCE` names: control plane, ingress, tasks, volumes and their data. With
 * `--stand-ins` also the base images that `base-images.ts` made. For tests, benchmarks and `npm stop`, which look first what is still in use.
 */
const docker = dockerCommand(process.env);
const home = homedir();
const removed = await removeControlPlane({
  docker,
  dockerProcess: dockerProcess(process.env),
  variables: process.env,
  home,
  settingsDirectory: join(process.env["XDG_CONFIG_HOME"] || join(home, ".config"), "copilot"),
  programFile: new URL("../dist/control-plane.js", import.meta.url).pathname,
  version: "0.0.0",
  machine: { platform: process.platform, architecture: process.arch, nodeProgram: process.execPath },
  tell: (what) => void process.stderr.write(`  ${what}\n`),
});

let standIns = 0;
if (process.argv.includes("--stand-ins")) {
  const { stdout } = await docker(["image", "ls", "--filter", "label=copilot.stand-in", "--format", "{{.Repository}}:{{.Tag}}"]);
  const names = stdout.split("\n").filter((name) => name !== "" && !name.includes("<none>"));
  if (names.length > 0) await docker(["image", "rm", ...names]);
  standIns = names.length;
}
process.stdout.write(
  `removed ${removed.containers} containers, ${removed.networks} networks, ${removed.volumes} volumes, ${removed.images + standIns} images\n`,
);
