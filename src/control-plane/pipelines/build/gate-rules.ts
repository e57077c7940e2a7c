/** What a build may ask the engine for. */
export interface GateScope {
  readonly application: string;
  /** Networks that a build's containers may join, besides those that it made. */
  readonly networks: readonly string[];
}

/** What is done with a call of the Engine API. */
export type GateRule =
  | { readonly kind: "allow" }
  | { readonly kind: "refuse"; readonly why: string }
  /** Only if the container, volume or network is one that this build made. */
  | { readonly kind: "own"; readonly object: "containers" | "volumes" | "networks"; readonly name: string }
  | { readonly kind: "own-exec"; readonly name: string }
  /** The list shows only what this build made. */
  | { readonly kind: "own-list" }
  /** The body is checked and labelled before it goes on. */
  | { readonly kind: "create"; readonly object: "containers" | "volumes" | "networks" }
  | { readonly kind: "connect"; readonly network: string };

const refuse = (why: string): GateRule => ({ kind: "refuse", why });
const allow: GateRule = { kind: "allow" };

/** A call of a build to the engine: its path is without the API's version and without the query. */
export interface GatedCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * The rule for a call. What is not known is refused: an engine's socket is the
 * keys of the house, and a build holds only those of its own room.
 */
export function gateRule(call: GatedCall, scope: GateScope): GateRule {
  const { method, path, query } = call;
  const [, area = "", name = "", verb = ""] = path.split("/");
  switch (area) {
    case "_ping":
    case "version":
    case "info":
    case "auth":
    case "session":
    case "grpc":
    case "distribution":
      return allow;
    case "events":
      return { kind: "own-list" };
    case "build":
      return name === "" ? buildRule(query, scope) : refuse("the build cache belongs to everybody on this engine");
    case "images":
      return imageRule(call, scope);
    case "commit":
      return { kind: "own", object: "containers", name: query.get("container") ?? "" };
    case "containers":
      return containerRule(method, name, verb);
    case "exec":
      return { kind: "own-exec", name };
    case "volumes":
      return objectRule("volumes", method, { name, verb });
    case "networks":
      return objectRule("networks", method, { name, verb });
    default:
      return refuse(`a build may not call /${area}`);
  }
}

function buildRule(query: URLSearchParams, scope: GateScope): GateRule {
  const network = query.get("networkmode") ?? "";
  if (!["", "default", "bridge", "none"].includes(network)) return refuse(`a build may not use the network ${network}`);
  const foreign = query.getAll("t").find((tag) => !mayTag(tag, scope));
  return foreign === undefined ? allow : refuse(`the tag ${foreign} belongs to another application`);
}

function imageRule({ method, path, query }: GatedCall, scope: GateScope): GateRule {
  const name = decodeURIComponent(path.replace(/^\/images\//, "").replace(/\/(?:json|history|push|tag|get)$/, ""));
  if (method === "GET" || method === "HEAD") return allow;
  if (path.endsWith("/tag")) {
    const tag = query.get("repo") ?? "";
    return mayTag(tag, scope) ? allow : refuse(`the tag ${tag} belongs to another application`);
  }
  if (method === "DELETE") return mayTag(name, scope) ? allow : refuse(`the image ${name} belongs to another application`);
  if (path === "/images/prune") return refuse("the images belong to everybody on this engine");
  return ["/images/create", "/images/load"].includes(path) || path.endsWith("/push")
    ? allow
    : refuse("it is not known what this does to images");
}

/** Whether a build may give this tag, or take it away: names below `copilot/` belong to their applications and to the platform. */
export const mayTag = (tag: string, scope: GateScope): boolean => {
  const name = tag.replace(/^docker\.io\//, "");
  return !name.startsWith("copilot/") || name.startsWith(`copilot/${scope.application}/`);
};

function containerRule(method: string, name: string, verb: string): GateRule {
  if (name === "create" && method === "POST") return { kind: "create", object: "containers" };
  if (name === "json") return { kind: "own-list" };
  if (name === "prune") return refuse("the containers belong to everybody on this engine");
  return name === "" || verb === "resize-all" ? refuse("no container is named") : { kind: "own", object: "containers", name };
}

function objectRule(
  object: "volumes" | "networks",
  method: string,
  { name, verb }: { readonly name: string; readonly verb: string },
): GateRule {
  if (name === "create" && method === "POST") return { kind: "create", object };
  if (name === "") return { kind: "own-list" };
  if (name === "prune") return refuse(`the ${object} belong to everybody on this engine`);
  if (object === "networks" && (verb === "connect" || verb === "disconnect")) return { kind: "connect", network: name };
  return { kind: "own", object, name };
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  value === false ||
  value === 0 ||
  (Array.isArray(value) && value.length === 0) ||
  (isFields(value) && Object.keys(value).length === 0);

/** What a container asks of the host that a build may not have. */
const closedSettings = [
  "Privileged",
  "CapAdd",
  "Devices",
  "DeviceCgroupRules",
  "DeviceRequests",
  "VolumesFrom",
  "CgroupParent",
  "UsernsMode",
  "UTSMode",
  "Sysctls",
  "Runtime",
  "Links",
] as const;

/** What a new container needs that must be this build's own, or why it is refused. */
export type CreationCheck =
  | { readonly kind: "refuse"; readonly why: string }
  | {
      readonly kind: "allow";
      readonly ownVolumes: readonly string[];
      readonly ownContainers: readonly string[];
      readonly ownNetworks: readonly string[];
    };

/** Checks a container's body: nothing of the host, nobody else's volumes, containers and networks. */
export function checkContainer(body: unknown, scope: GateScope): CreationCheck {
  const host = isFields(body) && isFields(body["HostConfig"]) ? body["HostConfig"] : {};
  const closed = closedSettings.find((name) => !isEmpty(host[name]));
  if (closed !== undefined) return { kind: "refuse", why: `a build's container may not have ${closed}` };
  const security = Array.isArray(host["SecurityOpt"]) ? host["SecurityOpt"].map(String) : [];
  if (security.some((option) => !option.startsWith("no-new-privileges")))
    return { kind: "refuse", why: "a build's container may not change its SecurityOpt" };
  const namespaces = [host["PidMode"], host["IpcMode"]].filter((mode) => typeof mode === "string");
  const modes = [...namespaces, ...(typeof host["NetworkMode"] === "string" ? [host["NetworkMode"]] : [])];
  const ownContainers = modes.filter((mode) => mode.startsWith("container:")).map((mode) => mode.slice("container:".length));
  const shared = namespaces.find((mode) => !["", "private", "shareable", "none"].includes(mode) && !mode.startsWith("container:"));
  if (shared !== undefined) return { kind: "refuse", why: `a build's container may not share ${shared} with its host` };
  const network = typeof host["NetworkMode"] === "string" ? host["NetworkMode"] : "";
  if (network === "host") return { kind: "refuse", why: "a build's container may not use the network of its host" };
  const endpoints =
    isFields(body) && isFields(body["NetworkingConfig"]) && isFields(body["NetworkingConfig"]["EndpointsConfig"])
      ? Object.keys(body["NetworkingConfig"]["EndpointsConfig"])
      : [];
  const open = new Set(["", "default", "bridge", "none", ...scope.networks]);
  const ownNetworks = [network, ...endpoints].filter((name) => !open.has(name) && !name.startsWith("container:"));
  const volumes = checkVolumes(host);
  return volumes.kind === "refuse" ? volumes : { kind: "allow", ownContainers, ownNetworks, ownVolumes: volumes.names };
}

function checkVolumes(
  host: Fields,
): { readonly kind: "refuse"; readonly why: string } | { readonly kind: "names"; readonly names: readonly string[] } {
  const names: string[] = [];
  for (const bind of Array.isArray(host["Binds"]) ? host["Binds"].map(String) : []) {
    const source = bind.split(":")[0] ?? "";
    if (/^[/.~]/.test(source)) return folderRefusal(source);
    if (bind.includes(":")) names.push(source);
  }
  for (const mount of Array.isArray(host["Mounts"]) ? host["Mounts"].filter(isFields) : []) {
    const source = typeof mount["Source"] === "string" ? mount["Source"] : "";
    if (mount["Type"] === "bind") return folderRefusal(source);
    if (mount["Type"] !== "volume" && mount["Type"] !== "tmpfs")
      return { kind: "refuse", why: `a build's container may not have a mount of type ${String(mount["Type"])}` };
    if (isFields(mount["VolumeOptions"]) && !isEmpty(mount["VolumeOptions"]["DriverConfig"]))
      return { kind: "refuse", why: "a build's volume may not have a driver of its own" };
    if (mount["Type"] === "volume" && source !== "") names.push(source);
  }
  return { kind: "names", names };
}

const folderRefusal = (folder: string): { readonly kind: "refuse"; readonly why: string } => ({
  kind: "refuse",
  why: `a build's container may not mount ${folder}, a folder of the engine's host; put files in with docker cp or docker build`,
});

/** Checks a volume's body: no driver options, which can be a folder of the host. */
export const checkVolume = (body: unknown): string | undefined =>
  isFields(body) &&
  (!isEmpty(body["DriverOpts"]) || !["", "local", undefined].includes(typeof body["Driver"] === "string" ? body["Driver"] : undefined))
    ? "a build's volume may not have a driver or options of its own"
    : undefined;

/** Checks a network's body: bridges only. */
export const checkNetwork = (body: unknown): string | undefined =>
  isFields(body) && !["", "bridge", undefined].includes(typeof body["Driver"] === "string" ? body["Driver"] : undefined)
    ? "a build's network is a bridge"
    : undefined;

/** A body with one more label. */
export const withLabel = (body: unknown, name: string, value: string): Fields => {
  const fields = isFields(body) ? body : {};
  const labels = isFields(fields["Labels"]) ? fields["Labels"] : {};
  return { ...fields, Labels: { ...labels, [name]: value } };
};
