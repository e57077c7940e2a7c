import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { SourceManifest } from "../../../model/pipeline.ts";
import type { ExecutionState } from "../../../pipelines/execution/state.ts";
import { toStatusCall } from "./commit-status.ts";
import { hostedRepository, sourceUrl, withAccess } from "./source-access.ts";
import { readWebhook } from "./webhook.ts";

const source = (repository: string, provider: SourceManifest["provider"] = "GitHub"): SourceManifest => ({
  provider,
  repository,
  branch: "main",
});

test.each([
  [source("https://github.com/example/shop"), "https://github.com/example/shop"],
  [source("example/shop"), "https://github.com/example/shop"],
  [source("example/shop", "Bitbucket"), "https://bitbucket.org/example/shop"],
  [
    source("https://eu-west-1.console.aws.amazon.com/codesuite/codecommit/repositories/shop/browse", "CodeCommit"),
    "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/shop",
  ],
  [source("ssh://git@git.example.com/shop.git", "Git"), "ssh://git@git.example.com/shop.git"],
])("%j is read from %s", (given, url) => {
  expect(sourceUrl(given)).toBe(url);
});

test.each([
  ["https://github.com/example/shop.git", { host: "github", owner: "example", name: "shop" }],
  ["git@bitbucket.org:example/shop.git", { host: "bitbucket", owner: "example", name: "shop" }],
  ["https://git.example.com/example/shop", undefined],
])("the host of %s", (repository, hosted) => {
  expect(hostedRepository(source(repository, "Git"))).toEqual(hosted);
});

describe("access to a source", () => {
  test("a token goes into git's environment as a header", async () => {
    const call = await withAccess(source("example/shop"), "t0ken", (given) => Promise.resolve(given));
    expect(call.settings).toEqual({ "http.extraHeader": `Authorization: Basic ${Buffer.from("x-access-token:t0ken").toString("base64")}` });
  });

  test("an ssh key is in a file while git runs, and nowhere afterwards", async () => {
    const { existsSync, statSync } = await import("node:fs");
    let key = "";
    await withAccess(source("ssh://git@git.example.com/shop.git", "Git"), "-----BEGIN KEY-----\nabc\n", (given) => {
      key = /-i (\S+)/.exec(given.variables?.["GIT_SSH_COMMAND"] ?? "")?.[1] ?? "";
      expect(statSync(key).mode & 0o777).toBe(0o600);
      return Promise.resolve();
    });
    expect(existsSync(key)).toBe(false);
  });

  test("without a secret git is called as it is", async () => {
    expect(await withAccess(source("example/shop"), undefined, (given) => Promise.resolve(given))).toEqual({});
  });
});

describe("webhooks", () => {
  const secret = "sesame";
  const event = (body: unknown, headers: Record<string, string>, signedWith = secret) => {
    const bytes = Buffer.from(JSON.stringify(body));
    const signature = `sha256=${createHmac("sha256", signedWith).update(bytes).digest("hex")}`;
    return readWebhook({ headers: new Headers({ "x-hub-signature-256": signature, ...headers }), body: bytes, secret });
  };

  test("GitHub's push names its branch, Bitbucket's may name several", () => {
    expect(event({ ref: "refs/heads/main" }, { "x-github-event": "push" })).toEqual({ kind: "push", branches: ["main"] });
    const changes = [{ new: { name: "main" } }, { new: null }, { new: { name: "next" } }];
    expect(event({ push: { changes } }, { "x-event-key": "repo:push" })).toEqual({ kind: "push", branches: ["main", "next"] });
  });

  test("tags and other events start nothing", () => {
    expect(event({ ref: "refs/tags/v1" }, { "x-github-event": "push" })).toEqual({ kind: "push", branches: [] });
    expect(event({}, { "x-github-event": "ping" })).toEqual({ kind: "ignored", event: "ping" });
  });

  test("a wrong signature, none, and none to compare with are refused", () => {
    expect(event({ ref: "refs/heads/main" }, { "x-github-event": "push" }, "guess").kind).toBe("refused");
    const body = Buffer.from("{}");
    expect(readWebhook({ headers: new Headers(), body, secret })).toEqual({ kind: "refused", why: "the event is not signed" });
    expect(readWebhook({ headers: new Headers(), body, secret: undefined }).kind).toBe("refused");
  });
});

describe("the status of a commit", () => {
  const state = (repository: string, status: ExecutionState["status"]): ExecutionState => ({
    id: "shop/main/4",
    number: 4,
    status,
    startedAt: "",
    updatedAt: "",
    trigger: { kind: "push", user: "ann", branch: "main", commit: "c0ffee" },
    pipeline: { application: "shop", name: "main", executionMode: "superseded", source: source(repository), stages: [] },
    stages: [{ name: "Build", status: "failed", actions: [{ name: "Build", status: "failed", attempts: 1 }] }],
  });

  test("goes to GitHub and Bitbucket in their own words", () => {
    expect(toStatusCall(state("example/shop", "failed"), "t")).toMatchObject({
      url: "https://api.github.com/repos/example/shop/statuses/c0ffee",
      body: { state: "failure", context: "copilot/shop/main", description: "Failed at Build: Build" },
    });
    expect(toStatusCall(state("https://bitbucket.org/example/shop", "in-progress"), "t")).toMatchObject({ body: { state: "INPROGRESS" } });
  });

  test("has nowhere to go for another host", () => {
    expect(toStatusCall(state("https://git.example.com/a/b", "failed"), "t")).toBeUndefined();
  });
});
