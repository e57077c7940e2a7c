import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Pipeline } from "../../model/pipeline.ts";
import type { ExecutionState } from "../../pipelines/execution/state.ts";
import { ExecutionStore } from "./execution-store.ts";
import { createGit } from "./git/git.ts";
import { gitRoutes } from "./git-routes.ts";
import { performSource } from "./perform-source.ts";
import { Pipelines } from "./pipelines.ts";
import { readFromArchive } from "./read-archive.ts";
import { artifactFile } from "./execution-store.ts";

let root = "";
let upstream = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "pipelines-"));
  upstream = join(root, "upstream");
  execFileSync("git", ["init", "--quiet", "--initial-branch=main", upstream]);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function commit(text: string): Promise<string> {
  await writeFile(join(upstream, "file"), text);
  const git = (...parameters: string[]) =>
    execFileSync("git", ["-C", upstream, "-c", "user.name=ann", "-c", "user.email=ann@example.com", ...parameters], {
      encoding: "utf8",
    }).trim();
  git("add", "--all");
  git("commit", "--quiet", "--message", text);
  return git("rev-parse", "HEAD");
}

const pipeline = (repository: string): Pipeline => {
  const source = { provider: "Git", repository, branch: "main" } as const;
  return {
    application: "shop",
    name: "main",
    executionMode: "queued",
    source,
    stages: [
      { name: "Source", onFailure: "stop", actions: [{ name: "source", work: { kind: "source", source }, runOrder: 1, after: [] }] },
    ],
  };
};

function open(secret?: string): {
  readonly pipelines: Pipelines;
  readonly store: ExecutionStore;
  readonly ended: () => Promise<readonly ExecutionState[]>;
} {
  const store = new ExecutionStore(join(root, "state"));
  const pipelines: Pipelines = new Pipelines({
    store,
    git: createGit(process.env),
    performer: {
      perform: (request) => performSource(request, pipelines.repository("shop")),
      rollBack: () => Promise.resolve({ restored: [] }),
    },
    now: () => new Date(),
    warn: (message) => {
      throw new Error(message);
    },
    concurrency: 2,
    pollInterval: 3_600_000,
    secret: (_application, names) => Promise.resolve(names.includes("main-webhook") ? secret : undefined),
    fetch: globalThis.fetch,
  });
  const ended = async (): Promise<readonly ExecutionState[]> => {
    await pipelines.runner.idle();
    return pipelines.executions({ application: "shop", name: "main" }, 100);
  };
  return { pipelines, store, ended };
}

const registration = (repository: string) => ({ pipeline: pipeline(repository), manifest: "name: main\n", user: "ann", images: {} });

describe("a source elsewhere", () => {
  test("is released when it is registered and with each new commit, once", async () => {
    const first = await commit("one");
    const { pipelines, store, ended } = open();
    expect(await pipelines.register(registration(upstream))).toMatchObject({
      kind: "created",
      execution: { state: { trigger: { commit: first, kind: "deploy" } } },
    });
    await pipelines.checkSources();
    const second = await commit("two");
    await pipelines.checkSources();
    await pipelines.checkSources();
    const states = await ended();
    expect(states.map(({ status, trigger }) => [status, trigger.commit, trigger.message])).toEqual([
      ["succeeded", second, "two"],
      ["succeeded", first, "one"],
    ]);
    const file = artifactFile(store.executionFolder({ application: "shop", name: "main" }, 2), "Source");
    expect(await readFromArchive(file, ["codebuild/output/src/file"])).toMatchObject({ text: "two" });
    await pipelines.close();
  });

  test("is not released again by a control plane that starts anew, and what was missed is", async () => {
    await commit("one");
    const before = open();
    await before.pipelines.register(registration(upstream));
    await before.ended();
    await before.pipelines.close();
    const again = open();
    await again.pipelines.start();
    expect(await again.ended()).toHaveLength(1);
    await again.pipelines.close();
    await commit("while it was down");
    const third = open();
    await third.pipelines.start();
    expect((await third.ended()).map(({ trigger }) => trigger.message)).toEqual(["while it was down", "one"]);
    await third.pipelines.close();
  });

  test("that cannot be read is told with its reason, and registering goes on without it", async () => {
    const { pipelines } = open();
    const registered = await pipelines.register(registration(join(root, "none")));
    expect(registered).toMatchObject({ kind: "created", problem: expect.stringContaining("none") });
    expect(await pipelines.describe({ application: "shop", name: "main" })).toMatchObject({
      sourceProblem: expect.stringContaining("none"),
    });
    await expect(pipelines.run({ application: "shop", name: "main" }, { user: "ann" })).rejects.toMatchObject({
      code: "source-unreachable",
    });
    expect(await pipelines.register(registration(join(root, "none")))).toEqual({ kind: "unchanged" });
    await pipelines.close();
  });

  test("is looked at when its webhook proves itself, and only then", async () => {
    await commit("one");
    const { pipelines, ended } = open("sesame");
    await pipelines.register(registration(upstream));
    await commit("two");
    const routes = gitRoutes({
      pipelines,
      git: createGit(process.env),
      token: "t",
      hasApplication: () => true,
      webhookSecret: () => Promise.resolve("sesame"),
    });
    const body = JSON.stringify({ ref: "refs/heads/main" });
    const send = async (secret: string): Promise<number> => {
      const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
      const answer = await routes.request("/webhooks/shop/main", {
        method: "POST",
        body,
        headers: { "x-github-event": "push", "x-hub-signature-256": signature },
      });
      return answer.status;
    };
    expect(await send("guess")).toBe(403);
    expect(await ended()).toHaveLength(1);
    expect(await send("sesame")).toBe(200);
    expect((await ended())[0]?.trigger).toMatchObject({ kind: "webhook", message: "two" });
    await pipelines.close();
  });
});

test("the repository of an application needs the token, and an application that is there", async () => {
  const { pipelines } = open();
  const routes = gitRoutes({
    pipelines,
    git: createGit(process.env),
    token: "t0ken",
    hasApplication: (name) => name === "shop",
    webhookSecret: () => Promise.resolve(undefined),
  });
  const ask = async (application: string, token?: string): Promise<number> => {
    const headers = token === undefined ? {} : { authorization: `Basic ${Buffer.from(`copilot:${token}`).toString("base64")}` };
    return (await routes.request(`/git/${application}/info/refs?service=git-receive-pack`, { headers })).status;
  };
  expect([await ask("shop"), await ask("shop", "guess"), await ask("other", "t0ken"), await ask("shop", "t0ken")]).toEqual([
    401, 401, 404, 200,
  ]);
  expect((await routes.request("/git/shop/info/refs?service=git-shell", { headers: { authorization: "Bearer t0ken" } })).status).toBe(403);
  await pipelines.close();
});

test("a pipeline that is deleted leaves nothing but the application's repository", async () => {
  await commit("one");
  const { pipelines, store, ended } = open();
  await pipelines.register(registration(upstream));
  await ended();
  await pipelines.remove({ application: "shop", name: "main" }, "ann");
  expect(await pipelines.list("shop")).toEqual([]);
  expect(await store.executionNumbers({ application: "shop", name: "main" })).toEqual([]);
  await pipelines.close();
});
