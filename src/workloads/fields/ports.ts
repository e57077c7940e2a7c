import type { Findings } from "../../manifest/rules.ts";
import type { TreePath } from "../../manifest/tree.ts";

/** A port with a protocol as `8080/udp` or `8080` writes it; the protocol is `undefined` where none is written. */
export interface WrittenPort {
  readonly port: number;
  readonly protocol: string | undefined;
}

/** Reads `8080`, `8080/tcp`; `undefined` for anything else. The protocol is given in lower case, whatever it is. */
export function readPort(written: string): WrittenPort | undefined {
  const [number = "", protocol, ...rest] = written.split("/");
  if (rest.length > 0 || !/^\d{1,5}$/.test(number) || Number(number) > 65_535) return undefined;
  return { port: Number(number), protocol: protocol?.toLowerCase() };
}

/** A port that some container of a task listens on. */
export interface ExposedPort {
  readonly container: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
  /** The container's own `port`, not one that only a load balancer names. */
  readonly own: boolean;
}

/** Every port of a task, and whose it is. */
export interface ExposedPorts {
  /** By port number, ascending. */
  readonly all: readonly ExposedPort[];
  /** The `port` that a container itself names. */
  readonly ownPort: (container: string) => ExposedPort | undefined;
  readonly containerOf: (port: number) => string | undefined;
}

/** A port that a part of a manifest asks for. */
export interface PortRequest {
  readonly port: number;
  readonly protocol: "tcp" | "udp";
  readonly own: boolean;
  /** The container that shall listen; where it is left out, whoever already has the port, else `fallback`. */
  readonly container?: string;
  /** Where it is asked for. */
  readonly at: TreePath;
}

/** Gives each requested port to a container: the first to ask for a port gets it, and `fallback` gets those that nobody owns. */
export function assignPorts(requests: readonly PortRequest[], fallback: string): ExposedPorts {
  const byPort = new Map<number, ExposedPort>();
  for (const request of requests) {
    const taken = byPort.get(request.port);
    if (taken === undefined) {
      const { port, protocol, own } = request;
      byPort.set(port, { container: request.container ?? fallback, port, protocol, own });
    } else if (request.own) byPort.set(request.port, { ...taken, own: true });
  }
  const all = [...byPort.values()].toSorted((left, right) => left.port - right.port);
  return {
    all,
    ownPort: (container) => all.find((entry) => entry.container === container && entry.own),
    containerOf: (port) => byPort.get(port)?.container,
  };
}

/** No port belongs to two containers, nor to two protocols of one. Requests are told against those before them. */
export function checkPorts(requests: readonly PortRequest[], main: string, findings: Findings): void {
  const owners = new Map<number, { readonly container: string; readonly protocol: string }>();
  for (const request of requests) {
    const taken = owners.get(request.port);
    if (taken === undefined) {
      owners.set(request.port, { container: request.container ?? main, protocol: request.protocol });
      continue;
    }
    const container = request.container ?? taken.container;
    // The main container's own port has whatever protocol a listener gave it.
    const protocol = request.own && container === main ? taken.protocol : request.protocol;
    if (container !== taken.container)
      findings.error(
        request.at,
        `The containers \`${taken.container}\` and \`${container}\` both listen on port ${request.port}: containers of a task share their ports.`,
      );
    else if (protocol !== taken.protocol)
      findings.error(request.at, `Port ${request.port} of \`${container}\` would be both ${taken.protocol} and ${protocol}.`);
  }
}
