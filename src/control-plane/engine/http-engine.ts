import { Agent, type IncomingMessage } from "node:http";
import { toContainerPayload } from "./container-payload.ts";
import { readContainer, readEvent, readImage, readInfo, readNetwork, readVolume } from "./engine-readings.ts";
import { EngineError, type Engine, type EngineEvent, type EngineLogLine, type ExecResult, type Labels, type LogQuery } from "./engine.ts";
import { readBody, readLines, send, toEngineError, type EngineCall, type EngineEndpoint } from "./engine-transport.ts";
import { JsonValue } from "./json-value.ts";
import { readLogLines } from "./log-frames.ts";

/** The oldest API that is supported: Docker 20.10. */
const oldestApiVersion = "1.41";

/** The Engine API over a unix socket. */
export function connectEngine(socketPath: string): Engine {
  const endpoint: EngineEndpoint = { socketPath, apiVersion: oldestApiVersion, agent: new Agent({ keepAlive: true, maxSockets: 64 }) };
  const calls = new EngineCalls(endpoint);
  return {
    ...systemPart(calls),
    ...containerPart(calls),
    ...containerStreamPart(calls),
    ...networkPart(calls),
    ...volumePart(calls),
    ...imagePart(calls),
  };
}

/** Calls with the refusals that are no failure named by each. */
class EngineCalls {
  readonly #endpoint: EngineEndpoint;

  constructor(endpoint: EngineEndpoint) {
    this.#endpoint = endpoint;
  }

  /** The answer's stream; the caller reads it to its end. `undefined` when the engine answered one of the statuses in `without`. */
  async open(call: EngineCall, without: readonly number[] = []): Promise<IncomingMessage | undefined> {
    const answer = await send(this.#endpoint, call);
    const status = answer.statusCode ?? 0;
    if (without.includes(status)) {
      answer.resume();
      return undefined;
    }
    if (status < 200 || status > 304) throw await toEngineError(call, answer);
    return answer;
  }

  /** The answer as JSON; nothing for one of the statuses in `without`. */
  async json(call: EngineCall, without: readonly number[] = []): Promise<JsonValue | undefined> {
    const answer = await this.open(call, without);
    return answer === undefined ? undefined : JsonValue.parse(await readBody(answer));
  }

  /** Only whether it worked. */
  async done(call: EngineCall, without: readonly number[] = []): Promise<void> {
    await this.json(call, without);
  }

  /** As `json`, where an answer is certain. */
  async value(call: EngineCall): Promise<JsonValue> {
    return (await this.json(call)) ?? new JsonValue(undefined);
  }
}

const segment = encodeURIComponent;

function toFilters(labels: Labels): string {
  const wanted = Object.entries(labels).map(([name, value]) => (value === "" ? name : `${name}=${value}`));
  return segment(JSON.stringify({ label: wanted }));
}

function systemPart(calls: EngineCalls): Pick<Engine, "info" | "events"> {
  return {
    async info() {
      const [info, version] = await Promise.all([
        calls.value({ method: "GET", path: "/info" }),
        calls.value({ method: "GET", path: "/version" }),
      ]);
      return readInfo(info, version);
    },
    async *events({ sinceNano, signal }): AsyncGenerator<EngineEvent> {
      const since =
        sinceNano === undefined ? "" : `&since=${sinceNano / 1_000_000_000n}.${String(sinceNano % 1_000_000_000n).padStart(9, "0")}`;
      const filters = segment(JSON.stringify({ type: ["container", "image", "network", "volume"] }));
      const answer = await calls.open({ method: "GET", path: `/events?filters=${filters}${since}`, signal });
      if (answer === undefined) return;
      for await (const line of readLines(answer)) {
        const event = readEvent(line, JsonValue.parse(line));
        if (event) yield event;
      }
    },
  };
}

type ContainerPart = Pick<
  Engine,
  | "listContainers"
  | "inspectContainer"
  | "createContainer"
  | "startContainer"
  | "stopContainer"
  | "waitContainer"
  | "killContainer"
  | "removeContainer"
  | "restartContainer"
>;

function containerPart(calls: EngineCalls): ContainerPart {
  async function inspectContainer(idOrName: string) {
    const value = await calls.json({ method: "GET", path: `/containers/${segment(idOrName)}/json` }, [404]);
    return value && readContainer(value);
  }
  return {
    inspectContainer,
    async listContainers(labels) {
      const list = await calls.value({ method: "GET", path: `/containers/json?all=1&filters=${toFilters(labels)}` });
      // The list lacks exit codes and times, so each is read in full; one that went away in between is left out.
      const containers = await Promise.all(list.items.map((item) => inspectContainer(item.at("Id").text)));
      return containers.filter((container) => container !== undefined);
    },
    async createContainer(request) {
      const platform = request.platform ? `&platform=${segment(request.platform)}` : "";
      const path = `/containers/create?name=${segment(request.name)}${platform}`;
      return (await calls.value({ method: "POST", path, body: toContainerPayload(request) })).at("Id").text;
    },
    startContainer: (id) => calls.done({ method: "POST", path: `/containers/${segment(id)}/start` }),
    stopContainer: (id, seconds) =>
      calls.done({ method: "POST", path: `/containers/${segment(id)}/stop${seconds === undefined ? "" : `?t=${seconds}`}` }, [404]),
    async waitContainer(id) {
      return (await calls.value({ method: "POST", path: `/containers/${segment(id)}/wait` })).at("StatusCode").number;
    },
    restartContainer: (id, seconds) => calls.done({ method: "POST", path: `/containers/${segment(id)}/restart?t=${seconds}` }),
    // 409 is the engine's word for a container that does not run.
    killContainer: (id, signal) => calls.done({ method: "POST", path: `/containers/${segment(id)}/kill?signal=${signal}` }, [404, 409]),
    // 409 here: another call is removing it already.
    removeContainer: (id) => calls.done({ method: "DELETE", path: `/containers/${segment(id)}?force=1&v=1` }, [404, 409]),
  };
}

function containerStreamPart(calls: EngineCalls): Pick<Engine, "containerLogs" | "exec" | "putArchive"> {
  return {
    async *containerLogs(id, query): AsyncGenerator<EngineLogLine> {
      const answer = await calls.open(
        {
          method: "GET",
          path: `/containers/${segment(id)}/logs?${toLogParameters(query)}`,
          ...(query.signal ? { signal: query.signal } : {}),
        },
        [404],
      );
      if (answer) yield* readLogLines(answer);
    },
    async exec(id, command): Promise<ExecResult> {
      const body = { AttachStdout: true, AttachStderr: true, Cmd: command };
      const created = await calls.value({ method: "POST", path: `/containers/${segment(id)}/exec`, body });
      const exec = created.at("Id").text;
      const answer = await calls.open({ method: "POST", path: `/exec/${exec}/start`, body: { Detach: false, Tty: false } });
      const lines: string[] = [];
      if (answer) for await (const line of readLogLines(answer)) lines.push(line.message);
      const ended = await calls.value({ method: "GET", path: `/exec/${exec}/json` });
      return { exitCode: ended.at("ExitCode").number, output: lines.join("\n") };
    },
    putArchive: (id, path, archive) =>
      calls.done({ method: "PUT", path: `/containers/${segment(id)}/archive?path=${segment(path)}`, body: archive }),
  };
}

function toLogParameters(query: LogQuery): string {
  const parameters = new URLSearchParams({ stdout: "1", stderr: "1", timestamps: "1" });
  if (query.follow) parameters.set("follow", "1");
  if (query.since) parameters.set("since", toSeconds(query.since));
  if (query.until) parameters.set("until", toSeconds(query.until));
  if (query.tail !== undefined) parameters.set("tail", String(query.tail));
  return parameters.toString();
}

function toSeconds(time: string): string {
  return (Date.parse(time) / 1000).toFixed(3);
}

type NetworkPart = Pick<
  Engine,
  "listNetworks" | "inspectNetwork" | "createNetwork" | "connectNetwork" | "disconnectNetwork" | "removeNetwork"
>;

function networkPart(calls: EngineCalls): NetworkPart {
  return {
    async listNetworks(labels) {
      return (await calls.value({ method: "GET", path: `/networks?filters=${toFilters(labels)}` })).items.map(readNetwork);
    },
    async inspectNetwork(name) {
      const value = await calls.json({ method: "GET", path: `/networks/${segment(name)}` }, [404]);
      return value && readNetwork(value);
    },
    async createNetwork({ name, labels, internal, addresses }) {
      const config = addresses && {
        Subnet: addresses.subnet,
        ...(addresses.gateway ? { Gateway: addresses.gateway } : {}),
        ...(addresses.range ? { IPRange: addresses.range } : {}),
      };
      const body = {
        Name: name,
        CheckDuplicate: true,
        Driver: "bridge",
        Internal: internal ?? false,
        Labels: labels,
        ...(config ? { IPAM: { Driver: "default", Config: [config] } } : {}),
      };
      return (await calls.value({ method: "POST", path: "/networks/create", body })).at("Id").text;
    },
    async connectNetwork(name, containerId, address) {
      const endpoint = address ? { EndpointConfig: { IPAMConfig: { IPv4Address: address } } } : {};
      const call: EngineCall = {
        method: "POST",
        path: `/networks/${segment(name)}/connect`,
        body: { Container: containerId, ...endpoint },
      };
      try {
        await calls.done(call);
      } catch (error) {
        if (!(error instanceof EngineError && /already exists in network/.test(error.message))) throw error;
      }
    },
    async disconnectNetwork(name, containerId) {
      const call: EngineCall = {
        method: "POST",
        path: `/networks/${segment(name)}/disconnect`,
        body: { Container: containerId, Force: true },
      };
      try {
        await calls.done(call, [404]);
      } catch (error) {
        if (!(error instanceof EngineError && /is not connected to/.test(error.message))) throw error;
      }
    },
    removeNetwork: (name) => calls.done({ method: "DELETE", path: `/networks/${segment(name)}` }, [404]),
  };
}

function volumePart(calls: EngineCalls): Pick<Engine, "listVolumes" | "createVolume" | "removeVolume"> {
  return {
    async listVolumes(labels) {
      return (await calls.value({ method: "GET", path: `/volumes?filters=${toFilters(labels)}` })).at("Volumes").items.map(readVolume);
    },
    async createVolume(name, labels) {
      return readVolume(await calls.value({ method: "POST", path: "/volumes/create", body: { Name: name, Labels: labels } }));
    },
    removeVolume: (name) => calls.done({ method: "DELETE", path: `/volumes/${segment(name)}` }, [404]),
  };
}

function imagePart(calls: EngineCalls): Pick<Engine, "inspectImage" | "listImages" | "pullImage" | "removeImage"> {
  return {
    async inspectImage(reference) {
      const value = await calls.json({ method: "GET", path: `/images/${segment(reference)}/json` }, [404]);
      return value && readImage(value);
    },
    async listImages(pattern) {
      const filters = segment(JSON.stringify({ reference: [pattern] }));
      return (await calls.value({ method: "GET", path: `/images/json?filters=${filters}` })).items.map(readImage);
    },
    async pullImage(reference, platform) {
      const query = `fromImage=${segment(withTag(reference))}${platform ? `&platform=${segment(platform)}` : ""}`;
      const answer = await calls.open({ method: "POST", path: `/images/create?${query}` });
      if (answer === undefined) return;
      for await (const line of readLines(answer)) {
        const error = JsonValue.parse(line).at("error").text;
        if (error !== "") throw new EngineError(500, error);
      }
    },
    async removeImage(reference) {
      const call: EngineCall = { method: "DELETE", path: `/images/${segment(reference)}` };
      try {
        await calls.done(call, [404, 409]);
      } catch (error) {
        // The engine stumbles when two names of one image are removed at once; asked again, it knows that the image is gone.
        if (!(error instanceof EngineError && error.message.includes("unrecognized image ID"))) throw error;
        await calls.done(call, [404, 409]);
      }
    },
  };
}

/** Without a tag the engine would pull every one. */
function withTag(reference: string): string {
  return reference.includes("@") || /:[^/]+$/.test(reference) ? reference : `${reference}:latest`;
}
