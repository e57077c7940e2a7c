import { createServer, type Server } from "node:net";
import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Readable, Writable } from "node:stream";
import { isAgentOrder, type AgentReport, type BuildJob, type BuildResult } from "./build-job.ts";
import { collectCache, collectFiles, writeArchive } from "./collect-files.ts";
import { Connection } from "./connection.ts";
import { runPhases } from "./run-phases.ts";
import { toolsPath } from "./tools-folder.ts";

/**
 * Takes one job from the control plane, does it and reports. Ends the build at once when the control plane says so or goes away,
 * because a control plane which comes back starts the action again.
 */
export async function runAgent(
  streams: { readonly input: Readable; readonly output: Writable },
  imageVariables: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const stopped = new AbortController();
  let receive: (job: BuildJob | undefined) => void = () => undefined;
  const job = new Promise<BuildJob | undefined>((resolve) => {
    receive = resolve;
  });
  const connection = new Connection(streams, "other", {
    onMessage: (message) => {
      if (!isAgentOrder(message)) return;
      if (message.type === "job") receive(message.job);
      else stopped.abort();
    },
    onChannel: (_label, channel) => channel.destroy(),
    onClose: () => {
      stopped.abort();
      receive(undefined);
    },
  });
  const report = (message: AgentReport): void => connection.send(message);
  report({ type: "ready" });
  const received = await job;
  if (received === undefined) return 1;
  const result = await doJob(withImageVariables(received, imageVariables), connection, stopped.signal).catch(
    (error: unknown): BuildResult => ({
      kind: "failed",
      phase: "setup",
      reason: error instanceof Error ? error.message : String(error),
    }),
  );
  report({ type: "result", result });
  await connection.flush();
  return result.kind === "succeeded" ? 0 : 1;
}

/** The variables of the image, then those of the build, with the tools around the path. */
function withImageVariables(job: BuildJob, image: Readonly<Record<string, string | undefined>>): BuildJob {
  const known = Object.entries(image).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const environment: Record<string, string> = { HOME: "/root", ...Object.fromEntries(known), ...job.environment };
  const path = toolsPath(environment["PATH"] ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  return { ...job, environment: { ...environment, PATH: path } };
}

async function doJob(job: BuildJob, connection: Connection, signal: AbortSignal): Promise<BuildResult> {
  const tell = (text: string): void => connection.send({ type: "line", text } satisfies AgentReport);
  const servers = await Promise.all(Object.entries(job.sockets).map(([path, label]) => relay(path, label, connection)));
  try {
    const phases = await runPhases(job, tell, signal);
    await sendReports(job, connection, tell);
    if (phases.kind === "failed") return phases;
    const problem = await sendArtifacts(job, connection, tell);
    if (problem !== undefined) return { kind: "failed", phase: "artifacts", reason: problem };
    await sendCache(job, connection);
    return phases;
  } finally {
    for (const server of servers) server.close();
  }
}

/** Makes every connection to a unix socket a channel to the control plane. */
async function relay(path: string, label: string, connection: Connection): Promise<Server> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const channel = connection.open(label);
    socket.pipe(channel).pipe(socket);
    socket.on("error", () => channel.destroy());
    channel.on("error", () => socket.destroy());
    channel.on("close", () => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path, writableAll: true, readableAll: true }, resolve);
  });
  return server;
}

async function sendReports({ buildspec, sourceDirectory }: BuildJob, connection: Connection, tell: (line: string) => void): Promise<void> {
  for (const report of buildspec.reports) {
    const files = await collectFiles(report, sourceDirectory);
    if (files.length === 0) tell(`Report ${report.name}: no file matches ${report.files.join(", ")}`);
    else await writeArchive(files, connection.open(`report/${report.name}`), false);
  }
}

async function sendArtifacts(
  { buildspec, sourceDirectory }: BuildJob,
  connection: Connection,
  tell: (line: string) => void,
): Promise<string | undefined> {
  for (const artifact of buildspec.artifacts) {
    const files = await collectFiles(artifact, sourceDirectory);
    const name = artifact.name === "" ? "" : ` ${artifact.name}`;
    if (files.length === 0)
      return `artifact${name}: no file matches ${artifact.files.join(", ")} in ${artifact.baseDirectory ?? "the source directory"}`;
    tell(`Artifact${name}: ${files.length} ${files.length === 1 ? "file" : "files"}`);
    await writeArchive(files, connection.open(`artifact/${artifact.name}`), artifact.enableSymlinks);
  }
  return undefined;
}

async function sendCache({ buildspec, sourceDirectory }: BuildJob, connection: Connection): Promise<void> {
  if (buildspec.cache?.save !== true) return;
  const files = await collectCache(buildspec.cache.paths, sourceDirectory);
  await writeArchive(files, connection.open("cache"), true);
}
