import { expect, test } from "vitest";
import { serviceDocument } from "../../../test/fakes/control-plane-on-fakes.ts";
import { FakeDiscovery } from "../../../test/fakes/fake-discovery.ts";
import { FakeEngine } from "../../../test/fakes/fake-engine.ts";
import { FakeIngress } from "../../../test/fakes/fake-ingress.ts";
import { sampleRuleDocument } from "../../../test/samples/http-rule-document.ts";
import type { StackDocument } from "../../targets/docker/stack-document.ts";
import type { JournalEvent } from "../state/journal-event.ts";
import { reduce } from "../state/reduce.ts";
import { emptyState } from "../state/state.ts";
import { Router } from "./router.ts";

const begun = (document: StackDocument): JournalEvent => {
  const key = { application: "shop", environment: "test", workload: document.workload };
  return {
    type: "deployment-started",
    ...key,
    noRollback: false,
    version: { revision: 1, document, images: {}, specification: "s" },
    release: { ...key, revision: 1, fingerprint: "f", user: "ann", startedAt: "2026-01-01T00:00:00Z", status: "in-progress" },
  };
};

const routerWith = (...events: readonly JournalEvent[]): Router => {
  const before: readonly JournalEvent[] = [
    { type: "application-put", application: { name: "shop", target: "docker" } },
    { type: "environment-put", environment: { application: "shop", name: "test", target: "docker", port: 17_000 } },
  ];
  const state = [...before, ...events].reduce(reduce, emptyState);
  return new Router({
    ingress: new FakeIngress(),
    discovery: new FakeDiscovery(new FakeEngine(), "test"),
    state: () => state,
    warn: (message) => expect.unreachable(message),
  });
};

const guide: StackDocument = {
  format: "copilot-stack/1",
  application: "shop",
  environment: "test",
  workload: "guide",
  type: "Static Site",
  manifest: "name: guide",
  notices: [],
  site: { artifact: "0".repeat(64), hosts: ["guide.test.shop.localhost"] },
};
const web = serviceDocument("web", "good:1", {
  type: "Load Balanced Web Service",
  http: { scope: "public", rules: [sampleRuleDocument("/")] },
});

test("a site that is alone in its environment also answers at the environment's port", () => {
  expect(routerWith(begun(guide)).urls({ document: guide, addresses: [] })).toEqual([
    "http://guide.test.shop.localhost",
    "http://localhost:17000",
  ]);
});

test("a site does not claim the port of a service that is deployed at the same time", () => {
  expect(routerWith(begun(guide), begun(web)).urls({ document: guide, addresses: [] })).toEqual(["http://guide.test.shop.localhost"]);
});
