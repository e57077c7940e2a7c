import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Git } from "./git.ts";

/** The two programs that a git client may talk to. */
const services = { "git-upload-pack": "upload-pack", "git-receive-pack": "receive-pack" } as const;
type ServiceName = keyof typeof services;

const isService = (name: string | null | undefined): name is ServiceName => name === "git-upload-pack" || name === "git-receive-pack";

const noCache = { "cache-control": "no-cache, max-age=0, must-revalidate" };

/** What the server tells. */
export interface SmartHttpEvents {
  /** Called once a push has been taken, whatever of it was refused. */
  readonly onPush: () => void;
}

/** A bare repository, and the git that reads and writes it. */
export interface ServedRepository {
  readonly git: Git;
  readonly folder: string;
}

/**
 * Answers one request of git's HTTP protocol for a bare repository: `info/refs`, `git-upload-pack`, `git-receive-pack`. `path` is what follows
 * the repository's address. Whoever calls has checked that the client may do this.
 */
export async function answerGit(
  repository: ServedRepository,
  request: { readonly path: string; readonly raw: Request },
  events: SmartHttpEvents,
): Promise<Response> {
  const { path, raw } = request;
  if (raw.method === "GET" && path === "info/refs") {
    const service = new URL(raw.url).searchParams.get("service");
    return isService(service)
      ? advertise({ ...repository, service }, raw)
      : new Response("A git client from this century is needed.\n", { status: 403 });
  }
  if (raw.method === "POST" && isService(path)) return converse({ ...repository, service: path }, raw, events);
  return new Response("Not found.\n", { status: 404 });
}

async function advertise({ git, folder, service }: Conversation, raw: Request): Promise<Response> {
  const result = await git.run([services[service], "--stateless-rpc", "--advertise-refs", folder], protocolOf(raw));
  if (result.code !== 0) return new Response(result.stderr, { status: 500 });
  const greeting = `# service=${service}\n`;
  const head = Buffer.from(`${(greeting.length + 4).toString(16).padStart(4, "0")}${greeting}0000`);
  return new Response(new Uint8Array(Buffer.concat([head, result.stdout])), {
    headers: { "content-type": `application/x-${service}-advertisement`, ...noCache },
  });
}

interface Conversation extends ServedRepository {
  readonly service: ServiceName;
}

function converse({ git, folder, service }: Conversation, raw: Request, { onPush }: SmartHttpEvents): Response {
  const child = git.start([services[service], "--stateless-rpc", folder], protocolOf(raw));
  child.stdin.on("error", () => undefined);
  child.stderr.resume();
  const body = raw.body === null ? Readable.from([]) : Readable.from(raw.body);
  const plain = raw.headers.get("content-encoding") === "gzip" ? body.pipe(createGunzip()) : body;
  plain.on("error", () => child.kill());
  plain.pipe(child.stdin);
  if (service === "git-receive-pack") child.on("close", onPush);
  child.on("error", (error) => child.stdout.destroy(error));
  const answer = new ReadableStream<Uint8Array>({
    start(controller) {
      child.stdout.on("data", (chunk: Buffer) => controller.enqueue(new Uint8Array(chunk)));
      child.stdout.on("end", () => controller.close());
      child.stdout.on("error", (error) => controller.error(error));
    },
    cancel: () => void child.kill(),
  });
  return new Response(answer, { headers: { "content-type": `application/x-${service}-result`, ...noCache } });
}

const protocolOf = (raw: Request): { readonly variables: Readonly<Record<string, string>> } => {
  const protocol = raw.headers.get("git-protocol");
  return { variables: protocol !== null && /^[\w=:]+$/.test(protocol) ? { GIT_PROTOCOL: protocol } : {} };
};
