import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { median, type Figure } from "./figures.ts";
import { copilot, timeNode, timeTurnAbout } from "./processes.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const server = `require("node:http").createServer((request, response) => response.end(process.env.VERSION || "")).listen(8080); process.on("SIGTERM", () => process.exit(0));`;

const manifest = (name: string, image: string, version: string): string => `name: ${name}
type: Load Balanced Web Service
image:
  ${image}
  port: 8080
http:
  path: /${name}
  deregistration_delay: 1s
cpu: 256
memory: 128
variables:
  VERSION: ${version}
`;

/** What a deployment costs on this machine's Docker engine: when nothing changed, and from the command to traffic on the new version. */
export async function run(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "copilot-bench-"));
  const environment = {
    ...process.env,
    COPILOT_INSTANCE: `bench-${process.pid}`,
    XDG_CONFIG_HOME: join(folder, "config"),
    XDG_CACHE_HOME: join(folder, "cache"),
    NO_COLOR: "1",
  };
  const options = { cwd: join(folder, "app"), env: environment };
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(options.cwd, path)), { recursive: true });
    writeFileSync(join(options.cwd, path), text);
  };
  const command = (...args: string[]): number => timeNode([copilot, ...args], options);
  try {
    execFileSync(process.execPath, ["--import", "tsx", "scripts/base-images.ts"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
    write("Dockerfile", `FROM node:slim\nCOPY server.cjs /server.cjs\nCMD ["node", "/server.cjs"]\n`);
    write("server.cjs", server);
    for (let index = 0; index < 10; index++) write(`copilot/s${index}/manifest.yml`, manifest(`s${index}`, "build: Dockerfile", "1"));
    command("app", "init", "bench", "--target", "docker");
    command("env", "init", "--name", "test", "--default-config");
    command("env", "deploy", "--name", "test");
    command("deploy", "--all", "--init-wkld", "--env", "test");

    const [bare = Number.NaN, unchanged = Number.NaN] = timeTurnAbout(7, [
      () => timeNode(["-e", "0"]),
      () => command("deploy", "--all", "--env", "test"),
    ]);

    execFileSync("docker", ["build", "--quiet", "--tag", "copilot-bench:1", "."], {
      cwd: options.cwd,
      stdio: ["ignore", "ignore", "inherit"],
    });
    write("copilot/ready/manifest.yml", manifest("ready", "location: copilot-bench:1", "0"));
    command("deploy", "--name", "ready", "--init-wkld", "--env", "test");
    const shown = spawnSync(process.execPath, [copilot, "svc", "show", "--name", "ready", "--json"], { ...options, encoding: "utf8" });
    const { routes }: { routes: { url: string }[] } = JSON.parse(shown.stdout);
    const times: number[] = [];
    for (let version = 1; version <= 5; version++) {
      write("copilot/ready/manifest.yml", manifest("ready", "location: copilot-bench:1", String(version)));
      times.push(command("svc", "deploy", "--name", "ready", "--env", "test"));
      const answer = await (await fetch(routes[0]?.url ?? "")).text();
      if (answer !== String(version)) throw new Error(`the service answers version ${answer} after version ${version} was deployed`);
    }
    return [
      { name: "deploy-10-unchanged-over-bare-node", value: unchanged - bare, unit: "ms", bar: 1000 },
      { name: "deploy-prebuilt-to-traffic", value: median(times), unit: "ms", bar: 3000 },
    ];
  } finally {
    spawnSync(process.execPath, [copilot, "app", "delete", "--name", "bench", "--yes"], options);
    execFileSync(process.execPath, ["--import", "tsx", "scripts/remove-platform.ts"], { cwd: root, env: environment, stdio: "ignore" });
    spawnSync("docker", ["rmi", "copilot-bench:1"], { stdio: "ignore" });
    rmSync(folder, { recursive: true, force: true });
  }
}
