import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { hasProgram, mustRun, run } from "./run.mjs";

const stateFolder = join(process.env.XDG_STATE_HOME || join(homedir(), ".local", "state"), "copilot");
const pidFile = join(stateFolder, "dockerd.pid");
const logFile = join(stateFolder, "dockerd.log");

/** Version of the engine that `docker` reaches, or undefined where none answers. */
async function engineVersion() {
  const { code, output } = await run("docker", ["version", "--format", "{{.Server.Version}}"], { quiet: true });
  return code === 0 ? output.trim().split("\n").at(-1) : undefined;
}

/** How a program is run with the rights to install: as it is for root, else by sudo without a question; undefined where neither is possible. */
async function privileged() {
  if (process.getuid?.() === 0) return (args) => args;
  const sudo = (await hasProgram("sudo")) && (await run("sudo", ["-n", "true"], { quiet: true })).code === 0;
  return sudo ? (args) => ["sudo", "-n", ...args] : undefined;
}

async function installEngine(asRoot) {
  process.stderr.write("  No Docker engine here: installing `docker.io` from the distribution's packages.\n");
  const apt = (...args) => mustRun(...split(asRoot(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", ...args])));
  await apt("update");
  const cli = (await run("apt-cache", ["show", "docker-cli"], { quiet: true })).code === 0 ? ["docker-cli"] : [];
  await apt("install", "--no-install-recommends", "docker.io", "iptables", "ca-certificates", ...cli);
}

const split = ([program, ...args]) => [program, args];

async function startEngine(asRoot) {
  if (existsSync("/run/systemd/system")) {
    await mustRun(...split(asRoot(["systemctl", "start", "docker"])));
    return;
  }
  process.stderr.write("  No service manager here: starting `dockerd` by hand.\n");
  mkdirSync(stateFolder, { recursive: true });
  const log = openSync(logFile, "a");
  const [program, args] = split(asRoot(["dockerd"]));
  const child = spawn(program, args, { detached: true, stdio: ["ignore", log, log] });
  child.unref();
  writeFileSync(pidFile, String(child.pid));
}

async function awaitEngine() {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const version = await engineVersion();
    if (version) return version;
    await pause(250);
  }
  throw new Error(`The Docker engine does not answer after a minute: its log is ${logFile}.`);
}

/** Makes sure that a Docker engine answers: takes the one that is there, else installs and starts one where it may. */
export async function ensureEngine() {
  const running = (await hasProgram("docker")) && (await engineVersion());
  if (running) return `Docker ${running} is there`;
  if (process.platform !== "linux")
    throw new Error("No Docker engine answers: start Docker Desktop (or another engine) and run this again.");
  const asRoot = await privileged();
  if (!asRoot)
    throw new Error("No Docker engine answers, and installing one needs root: start yours, or run this again as root or with sudo.");
  if (!(await hasProgram("dockerd")) || !(await hasProgram("docker"))) {
    if (!(await hasProgram("apt-get")))
      throw new Error(
        "No Docker engine answers, and this is no Debian or Ubuntu: install Docker (https://docs.docker.com/engine/install/) and run this again.",
      );
    await installEngine(asRoot);
  }
  await startEngine(asRoot);
  return `Docker ${await awaitEngine()} started`;
}

/** Stops the engine that {@link ensureEngine} started by hand; any other stays. Answers what it did. */
export async function stopEngine() {
  if (!existsSync(pidFile)) return "not ours, left running";
  const pid = readFileSync(pidFile, "utf8").trim();
  const command = existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, "utf8") : "";
  rmSync(pidFile);
  if (!command.includes("dockerd")) return "not running";
  const asRoot = await privileged();
  if (!asRoot) throw new Error(`Stopping the Docker engine (process ${pid}) needs root.`);
  await mustRun(...split(asRoot(["kill", pid])));
  const deadline = Date.now() + 30_000;
  while (existsSync(`/proc/${pid}`) && Date.now() < deadline) await pause(100);
  return "stopped (the package docker.io stays installed)";
}
