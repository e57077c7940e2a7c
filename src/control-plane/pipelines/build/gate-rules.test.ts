import { describe, expect, test } from "vitest";
import { checkContainer, checkNetwork, checkVolume, gateRule, type GateScope } from "./gate-rules.ts";

const scope: GateScope = { application: "shop", networks: ["copilot-shop-test"] };

describe("calls of a build to the engine", () => {
  test.each([
    ["GET", "/_ping", "allow"],
    ["GET", "/version", "allow"],
    ["POST", "/build?t=anything", "allow"],
    ["POST", "/build?t=copilot/shop/web:1", "allow"],
    ["POST", "/build?t=copilot/other/web:1", "refuse"],
    ["POST", "/build?t=ok&t=docker.io/copilot/platform:1", "refuse"],
    ["POST", "/build?networkmode=host", "refuse"],
    ["POST", "/build?networkmode=container:abc", "refuse"],
    ["POST", "/build/prune", "refuse"],
    ["POST", "/images/create?fromImage=nginx", "allow"],
    ["GET", "/images/nginx/json", "allow"],
    ["POST", "/images/web/tag?repo=copilot/shop/web&tag=2", "allow"],
    ["POST", "/images/web/tag?repo=copilot/other/web&tag=2", "refuse"],
    ["DELETE", "/images/copilot/other/web:1", "refuse"],
    ["DELETE", "/images/copilot%2Fother%2Fweb:1", "refuse"],
    ["DELETE", "/images/mine", "allow"],
    ["POST", "/images/prune", "refuse"],
    ["POST", "/containers/create", "create"],
    ["GET", "/containers/json", "own-list"],
    ["GET", "/containers/abc/json", "own"],
    ["POST", "/containers/abc/exec", "own"],
    ["GET", "/containers/abc/archive", "own"],
    ["POST", "/containers/prune", "refuse"],
    ["POST", "/commit?container=abc", "own"],
    ["POST", "/exec/abc/start", "own-exec"],
    ["GET", "/events", "own-list"],
    ["POST", "/volumes/create", "create"],
    ["GET", "/volumes", "own-list"],
    ["DELETE", "/volumes/data", "own"],
    ["POST", "/networks/n/connect", "connect"],
    ["DELETE", "/networks/n", "own"],
    ["GET", "/secrets", "refuse"],
    ["POST", "/swarm/init", "refuse"],
    ["GET", "/system/df", "refuse"],
    ["GET", "/plugins", "refuse"],
    ["GET", "/unheard-of", "refuse"],
  ])("%s %s: %s", (method, address, kind) => {
    const [path = "", query = ""] = address.split("?");
    expect(gateRule({ method, path, query: new URLSearchParams(query) }, scope).kind).toBe(kind);
  });
});

describe("containers that a build makes", () => {
  const host = (HostConfig: object): object => ({ Image: "nginx", HostConfig });
  test.each([
    ["a plain one", host({ NetworkMode: "default", Binds: null, CapAdd: [], Privileged: false })],
    ["one in the environment's network", host({ NetworkMode: "copilot-shop-test" })],
    ["an anonymous volume", host({ Binds: ["/data"].slice(1), Mounts: [{ Type: "tmpfs", Target: "/x" }] })],
    ["no-new-privileges", host({ SecurityOpt: ["no-new-privileges"] })],
    ["a body that is none", "text"],
  ])("%s is allowed", (_, body) => {
    expect(checkContainer(body, scope)).toEqual({ kind: "allow", ownContainers: [], ownNetworks: [], ownVolumes: [] });
  });

  test("what it shares must be the build's own", () => {
    const body = host({ NetworkMode: "container:abc", Binds: ["data:/data"], Mounts: [{ Type: "volume", Source: "more", Target: "/m" }] });
    expect(checkContainer(body, scope)).toEqual({ kind: "allow", ownContainers: ["abc"], ownNetworks: [], ownVolumes: ["data", "more"] });
    expect(checkContainer(host({ NetworkMode: "copilot-other-test" }), scope)).toMatchObject({ ownNetworks: ["copilot-other-test"] });
    const endpoints = { NetworkingConfig: { EndpointsConfig: { "copilot-other-test": {} } } };
    expect(checkContainer({ ...host({}), ...endpoints }, scope)).toMatchObject({ ownNetworks: ["copilot-other-test"] });
  });

  test.each([
    { Privileged: true },
    { CapAdd: ["SYS_ADMIN"] },
    { Devices: [{}] },
    { VolumesFrom: ["abc"] },
    { PidMode: "host" },
    { IpcMode: "host" },
    { UsernsMode: "host" },
    { NetworkMode: "host" },
    { CgroupParent: "/x" },
    { SecurityOpt: ["seccomp=unconfined"] },
    { Runtime: "other" },
    { Binds: ["/:/host"] },
    { Binds: ["./x:/x"] },
    { Binds: ["/var/run/docker.sock:/var/run/docker.sock"] },
    { Mounts: [{ Type: "bind", Source: "/", Target: "/host" }] },
    { Mounts: [{ Type: "npipe", Source: "x", Target: "/x" }] },
    { Mounts: [{ Type: "volume", Source: "v", Target: "/x", VolumeOptions: { DriverConfig: { Options: { device: "/" } } } }] },
  ])("%j is refused", (settings) => {
    expect(checkContainer(host(settings), scope)).toMatchObject({ kind: "refuse" });
  });
});

test("volumes and networks have no drivers of their own", () => {
  expect([checkVolume({ Name: "a" }), checkVolume({ Name: "a", Driver: "local" }), checkNetwork({ Name: "n", Driver: "bridge" })]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(checkVolume({ Name: "a", DriverOpts: { device: "/", type: "none", o: "bind" } })).toBeDefined();
  expect(checkVolume({ Name: "a", Driver: "nfs" })).toBeDefined();
  expect(checkNetwork({ Name: "n", Driver: "macvlan" })).toBeDefined();
});
