import type { EngineContainer, EngineEvent, EngineHealth, EngineImage, EngineInfo, EngineNetwork, EngineVolume } from "./engine.ts";
import type { JsonValue } from "./json-value.ts";

const states = ["created", "running", "paused", "restarting", "removing", "exited", "dead"] as const;
const healths = ["none", "starting", "healthy", "unhealthy"] as const;
const eventTypes = ["container", "image", "network", "volume"] as const;
/** What the engine writes for a time that has not been. */
const noTime = "0001-01-01T00:00:00Z";

/** Reads the answers of `/info` and `/version`. */
export function readInfo(info: JsonValue, version: JsonValue): EngineInfo {
  return {
    id: info.at("ID").text,
    name: info.at("Name").text,
    version: version.at("Version").text,
    apiVersion: version.at("ApiVersion").text,
    processors: info.at("NCPU").number,
    limitsProcessors: info.at("CpuCfsQuota").isTrue,
  };
}

/** Reads the answer of `/containers/:id/json`. */
export function readContainer(value: JsonValue): EngineContainer {
  const state = value.at("State");
  const startedAt = readTime(state.at("StartedAt").text);
  const finishedAt = readTime(state.at("FinishedAt").text);
  const status = states.find((name) => name === state.at("Status").text) ?? "created";
  const hasEnded = status === "exited" || status === "dead";
  const error = state.at("Error").text;
  const addresses = value
    .at("NetworkSettings", "Networks")
    .entries.map(([name, network]) => [name, network.at("IPAddress").text] as const)
    .filter(([, address]) => address !== "");
  return {
    id: value.at("Id").text,
    name: value.at("Name").text.replace(/^\//, ""),
    labels: value.at("Config", "Labels").texts,
    image: value.at("Config", "Image").text,
    imageId: value.at("Image").text,
    state: status,
    health: readHealth(state.at("Health", "Status").text),
    ...(hasEnded ? { exitCode: state.at("ExitCode").number } : {}),
    outOfMemory: state.at("OOMKilled").isTrue,
    ...(error === "" ? {} : { error }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined || !hasEnded ? {} : { finishedAt }),
    addresses: Object.fromEntries(addresses),
  };
}

function readHealth(text: string): EngineHealth {
  return healths.find((name) => name === text) ?? "none";
}

function readTime(text: string): string | undefined {
  return text === "" || text === noTime ? undefined : text;
}

/** Reads an element of `/networks`, or the answer of `/networks/:name`. */
export function readNetwork(value: JsonValue): EngineNetwork {
  return {
    id: value.at("Id").text,
    name: value.at("Name").text,
    labels: value.at("Labels").texts,
    subnets: value.at("IPAM", "Config").items.map((item) => {
      const gateway = item.at("Gateway").text;
      const range = item.at("IPRange").text;
      return { subnet: item.at("Subnet").text, ...(gateway === "" ? {} : { gateway }), ...(range === "" ? {} : { range }) };
    }),
    containerIds: value.at("Containers").entries.map(([id]) => id),
  };
}

/** Reads an element of `/volumes`, or the answer of `/volumes/create`. */
export function readVolume(value: JsonValue): EngineVolume {
  return { name: value.at("Name").text, labels: value.at("Labels").texts, mountpoint: value.at("Mountpoint").text };
}

/** Reads an element of `/images/json`, or the answer of `/images/:name/json`. */
export function readImage(value: JsonValue): EngineImage {
  const labels = value.at("Labels").isPresent ? value.at("Labels") : value.at("Config", "Labels");
  const references = value.at("RepoTags").items.map((item) => item.text);
  return {
    id: value.at("Id").text,
    references: references.filter((reference) => reference !== "<none>:<none>"),
    digests: value.at("RepoDigests").items.map((item) => item.text),
    labels: labels.texts,
    size: value.at("Size").number,
  };
}

/** Reads a line of `/events`; `undefined` for kinds that nobody here follows. The nanoseconds are read from the text, since a double cannot hold them. */
export function readEvent(line: string, value: JsonValue): EngineEvent | undefined {
  const type = eventTypes.find((name) => name === value.at("Type").text);
  if (type === undefined) return undefined;
  const nano = /"timeNano":(\d+)/.exec(line)?.[1] ?? "0";
  return {
    type,
    action: value.at("Action").text,
    id: value.at("Actor", "ID").text,
    attributes: value.at("Actor", "Attributes").texts,
    timeNano: BigInt(nano),
  };
}
