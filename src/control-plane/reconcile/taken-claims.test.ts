import { describe, expect, test } from "vitest";
import { sampleRuleDocument as rule } from "../../../test/samples/http-rule-document.ts";
import { serviceDocument } from "../../../test/fakes/control-plane-on-fakes.ts";
import type { HttpRuleDocument, StackDocument } from "../../targets/docker/stack-document.ts";
import type { Version } from "../state/journal-event.ts";
import type { WorkloadState } from "../state/state.ts";
import { findTakenClaims } from "./taken-claims.ts";

const web = (name: string, ...rules: readonly HttpRuleDocument[]): StackDocument =>
  serviceDocument(name, "x", { type: "Load Balanced Web Service", http: { scope: "public", rules } });
const version = (document: StackDocument): Version => ({ revision: 1, document, images: {}, specification: "s" });
const deployed = (...documents: readonly StackDocument[]): Readonly<Record<string, WorkloadState>> =>
  Object.fromEntries(
    documents.map((document) => [
      document.workload,
      { current: version(document), lastRevision: 1, releases: [], earlier: [], runs: [], isRemoving: false },
    ]),
  );
const holderOf = (document: StackDocument, workloads: Readonly<Record<string, WorkloadState>>): string | undefined =>
  findTakenClaims(document, { workloads })[0]?.holder;

describe("a route that another workload has", () => {
  test.each([
    ["the same path", rule("/"), rule("/"), "api"],
    ["the same path written otherwise", rule("/shop"), rule("/shop/"), "api"],
    ["one of its names", rule("/", { hosts: ["a.shop.local", "b.shop.local"] }), rule("/", { hosts: ["B.shop.local"] }), "api"],
    ["another path", rule("/"), rule("/api"), undefined],
    ["a name of its own", rule("/"), rule("/", { hosts: ["a.shop.local"] }), undefined],
    ["other sources", rule("/", { allowedSourceIps: ["10.0.0.0/8"] }), rule("/"), undefined],
  ])("%s", (_, had, wanted, holder) => {
    expect(holderOf(web("web", wanted), deployed(web("api", had)))).toBe(holder);
  });

  test("is told with what is claimed and where a manifest says so", () => {
    const [taken] = findTakenClaims(web("web", rule("/"), rule("/x")), { workloads: deployed(web("api", rule("/x"))) });
    expect(taken).toMatchObject({ holder: "api", claim: { what: "requests for /x", at: ["http", "additional_rules", 0, "path"] } });
  });

  test("counts while its deployment is under way, and before the journal has it", () => {
    const { current: next, ...other } = deployed(web("api", rule("/")))["api"] ?? { lastRevision: 0 };
    const state = { ...other, next: { version: next, release: {}, noRollback: false } } as WorkloadState;
    expect(holderOf(web("web", rule("/")), { api: state })).toBe("api");
    expect(findTakenClaims(web("web", rule("/")), { workloads: {} }, [web("api", rule("/"))])[0]?.holder).toBe("api");
  });

  test("is left to a workload that has it too since before this was looked at", () => {
    const both = deployed(web("api", rule("/")), web("web", rule("/")));
    expect(holderOf(web("web", rule("/")), both)).toBeUndefined();
    expect(holderOf(web("web", rule("/"), rule("/x")), { ...both, ...deployed(web("c", rule("/x"))) })).toBe("c");
  });

  test("inside and outside leave each other alone, and a port of the host is one too", () => {
    const inner = serviceDocument("api", "x", { http: { scope: "internal", rules: [rule("/")] } });
    expect(holderOf(web("web", rule("/")), deployed(inner))).toBeUndefined();
    const listening = (name: string, protocol: "tcp" | "tls" | "udp"): StackDocument =>
      serviceDocument(name, "x", { listeners: [{ port: 5432, protocol, targetPort: 5432, deregistrationDelay: 0 }] });
    expect(holderOf(listening("web", "tls"), deployed(listening("api", "tcp")))).toBe("api");
    expect(holderOf(listening("web", "udp"), deployed(listening("api", "tcp")))).toBeUndefined();
  });
});
