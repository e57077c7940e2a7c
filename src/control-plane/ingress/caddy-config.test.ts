import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleRuleDocument as rule } from "../../../test/samples/http-rule-document.ts";
import type { HttpRuleDocument } from "../../targets/docker/stack-document.ts";
import { EngineError } from "../engine/engine.ts";
import { toCaddyConfig } from "./caddy-config.ts";
import { namedRoutes, portRoutes, type CaddyObject, type PlacedEnvironment } from "./caddy-routes.ts";
import { hostPortCandidates } from "./forwarders.ts";
import { readBlock, takenPort } from "./ingress-container.ts";
import type { RoutedWorkload } from "./ingress.ts";
import { blockCandidates, blockSize, freePort, isInBlock, sharedCandidates } from "./layout.ts";
import { toUrls } from "./urls.ts";

const service = (workload: string, rules: readonly HttpRuleDocument[], changes: Partial<RoutedWorkload> = {}): RoutedWorkload => ({
  workload,
  type: "Load Balanced Web Service",
  http: { scope: "public", rules: rules.map((one) => ({ rule: one, upstreams: ["10.222.0.20:8080"] })) },
  listeners: [],
  ...changes,
});

const place = (workloads: readonly RoutedWorkload[]): PlacedEnvironment => ({
  application: "shop",
  environment: "test",
  port: 17_000,
  workloads,
  subnet: "10.222.0.0/22",
  dnsAddress: "10.222.0.2",
});

const door = { https: "redirect", httpsPort: 8443 } as const;
const block = { index: 0, firstPort: 17_000, shared: { http: 8080, https: 8443 } };
/** What each route matches, with the handler that takes it. */
const outline = (routes: readonly CaddyObject[]): unknown[] =>
  routes.map(({ match, handle }) => {
    const [first] = Array.isArray(handle) ? handle : [];
    return [Array.isArray(match) ? match[0] : {}, first?.handler, first?.status_code ?? first?.dynamic_upstreams?.name];
  });

describe("routes", () => {
  it("for the same requests go to the service that comes first, also when the other writes its path longer", () => {
    const [first, second] = [service("web", [rule("/x")]), service("api", [rule("/x/")])];
    expect(outline(portRoutes(place([first, second])))).toEqual([
      [{ path: ["/x", "/x/*"] }, "reverse_proxy", "web.ingress.copilot."],
      [{ path: ["/x", "/x/*"] }, "reverse_proxy", "api.ingress.copilot."],
      [{}, "static_response", 404],
    ]);
  });

  it("go from the most specific to the least, whatever the order of services", () => {
    const workloads = [
      service("a", [rule("/")]),
      service("b", [rule("/x"), rule("/x/long")]),
      service("c", [rule("/", { hosts: ["own.example.com"] })]),
    ];
    const expected = [
      [{ host: ["own.example.com"] }, "reverse_proxy", "c.ingress.copilot."],
      [{ path: ["/x/long", "/x/long/*"] }, "reverse_proxy", "b.ingress.copilot."],
      [{ path: ["/x", "/x/*"] }, "reverse_proxy", "b.ingress.copilot."],
      [{}, "reverse_proxy", "a.ingress.copilot."],
      [{}, "static_response", 404],
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(workloads, { minLength: 3 }), (order) => {
        expect(outline(portRoutes(place(order)))).toEqual(expected);
      }),
    );
  });

  it("of inner rules are for the environment's own network, and not at its port", () => {
    const inner = service("api", [rule("/api")], {});
    const hidden = { ...inner, http: { scope: "internal" as const, rules: inner.http?.rules ?? [] } };
    expect(outline(portRoutes(place([hidden])))).toEqual([[{}, "static_response", 404]]);
    expect(outline(namedRoutes(place([hidden]), door))[0]).toEqual([
      { host: ["lb.test.shop.local"], path: ["/api", "/api/*"], remote_ip: { ranges: ["10.222.0.0/22"] } },
      "reverse_proxy",
      "api.ingress.copilot.",
    ]);
  });

  it("lead to HTTPS where there is a port for it, and only there", () => {
    const environment = place([service("a", [rule("/", { redirectToHttps: true })])]);
    const [plain] = namedRoutes(environment, door);
    expect(JSON.stringify(plain)).toContain("https://{http.request.host}:8443{http.request.uri}");
    expect(outline(namedRoutes(environment, { ...door, https: "here" }))[0]).toContain("reverse_proxy");
    expect(outline(portRoutes(environment))[0]).toContain("reverse_proxy");
  });

  it("answer 503 for a rule without tasks", () => {
    const empty = service("a", [], { http: { scope: "public", rules: [{ rule: rule("/"), upstreams: [] }] } });
    expect(outline(portRoutes(place([empty])))[0]).toEqual([{}, "static_response", 503]);
  });

  it("let sources in by their address", () => {
    const [first] = portRoutes(place([service("a", [rule("/", { allowedSourceIps: ["10.0.0.0/8"] })])]));
    expect(first).toMatchObject({ match: [{ remote_ip: { ranges: ["10.0.0.0/8"] } }] });
  });

  it("put nothing of a service's name into placeholders", () => {
    const text = JSON.stringify(toCaddyConfig([place([service("{env.SECRET}", [rule("/a{b}")])])], block));
    expect(text).not.toContain("No task of {");
    expect(text).not.toContain("  {env");
  });
});

describe("a block's configuration", () => {
  it("has the environments of its ports; names and HTTPS are the first block's", () => {
    const environments = [place([service("a", [rule("/")])]), { ...place([]), environment: "prod", port: 17_016 }];
    const first = JSON.stringify(toCaddyConfig(environments, block));
    const second = JSON.stringify(toCaddyConfig(environments, { index: 1, firstPort: 17_016 }));
    expect([first.includes("port-17000"), first.includes("port-17016"), first.includes("prod.shop.localhost")]).toEqual([
      true,
      false,
      true,
    ]);
    expect([second.includes("port-17000"), second.includes("port-17016"), second.includes("internal")]).toEqual([false, true, false]);
  });

  it("is equal for equal routing in another order", () => {
    const [a, b] = [place([]), { ...place([]), environment: "prod", port: 17_001 }];
    expect(toCaddyConfig([a, b], block)).toEqual(toCaddyConfig([b, a], block));
  });
});

describe("ports", () => {
  it("are had again, else are the first that is free", () => {
    const blocks = [{ index: 0, firstPort: 17_000 }];
    expect(freePort(blocks, new Set(), 17_003)).toBe(17_003);
    expect(freePort(blocks, new Set([17_000, 17_003]), 17_003)).toBe(17_001);
    expect(freePort(blocks, new Set(Array.from({ length: blockSize }, (_, offset) => 17_000 + offset)))).toBeUndefined();
  });

  it("are looked for in blocks that do not overlap, the wanted one's first", () => {
    const candidates = blockCandidates("default", 17_037);
    expect(isInBlock({ firstPort: candidates[0] ?? 0 }, 17_037)).toBe(true);
    expect(new Set(candidates).size).toBe(candidates.length);
    expect(candidates.every((port) => (port - 17_000) % blockSize === 0)).toBe(true);
  });

  it("that browsers assume are left to the default instance", () => {
    expect(sharedCandidates("default")[0]).toEqual({ http: 80, https: 443 });
    expect(sharedCandidates("trial").some(({ http }) => http < 1_024)).toBe(false);
  });

  it.each([
    ["driver failed: Error starting userland proxy: listen tcp4 127.0.0.1:443: bind: address already in use", 443],
    ["Bind for 127.0.0.1:80 failed: port is already allocated", 80],
    ["cannot expose privileged port 80, you can add …", 80],
    ["no such image", undefined],
  ])("that are taken are told by the engine: %s", (message, port) => {
    expect(takenPort(new EngineError(500, message))).toBe(port);
  });

  it("of a block are told by its container's labels", () => {
    expect(readBlock({ labels: { "copilot.ingress-ports": "0,17000,80,443" } })).toEqual({
      index: 0,
      firstPort: 17_000,
      shared: { http: 80, https: 443 },
    });
    expect(readBlock({ labels: { "copilot.ingress-ports": "2,17032" } })).toEqual({ index: 2, firstPort: 17_032 });
    expect(readBlock({ labels: {} })).toBeUndefined();
  });

  it("that stand for a listener's stay ports", () => {
    expect(hostPortCandidates(5432)).toEqual([5432, 15_432, 25_432, 35_432]);
    expect(hostPortCandidates(60_000)).toEqual([60_000]);
  });
});

describe("URLs", () => {
  const shared = { http: 8080, https: 8443 };
  const runner = service("runner", [rule("/", { hosts: ["runner.test.shop.localhost"] })], { type: "Request-Driven Web Service" });

  it("name the environment's port and its name with the path", () => {
    const web = service("web", [rule("/shop")]);
    expect(toUrls(place([web]), web, shared)).toEqual(["http://localhost:17000/shop", "http://test.shop.localhost:8080/shop"]);
  });

  it("begin with names of the service's own, and have the port when it is alone", () => {
    expect(toUrls(place([runner]), runner, shared)).toEqual(["http://runner.test.shop.localhost:8080", "http://localhost:17000"]);
    const web = service("web", [rule("/")]);
    expect(toUrls(place([runner, web]), runner, shared)).toEqual(["http://runner.test.shop.localhost:8080"]);
  });

  it("are none for what is only reached from inside", () => {
    const inner = { ...runner, http: { scope: "internal" as const, rules: runner.http?.rules ?? [] } };
    expect(toUrls(place([inner]), inner, shared)).toEqual([]);
  });
});
