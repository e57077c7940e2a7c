/** Ports of the host that one ingress container publishes. A container cannot get more once it runs, so each has a block. */
export interface IngressBlock {
  readonly index: number;
  /** First of the environments' ports. */
  readonly firstPort: number;
  /** The ports at which every environment answers by name; only the first block has them. */
  readonly shared?: SharedPorts;
}

/** Where names are answered on the host. */
export interface SharedPorts {
  readonly http: number;
  readonly https: number;
}

/** Environments' ports in one block. The engine takes about 0.1 s to publish a port and to take it back, whenever the container starts or ends. */
export const blockSize = 4;
const firstBlockPort = 17_000;
const blockCount = 720;
/** Inside the first container, whatever the host's ports are. */
export const innerHttpPort = 80;
/** Inside the first container. */
export const innerHttpsPort = 443;

/** Whether a port belongs to a block. */
export const isInBlock = (block: Pick<IngressBlock, "firstPort">, port: number): boolean =>
  port >= block.firstPort && port < block.firstPort + blockSize;

/** A small number out of a name, so that instances on one engine begin their search for ports apart. */
const spread = (name: string): number => [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521, 7);

/** First ports of blocks in the order in which they are tried: the one that holds `wanted`, then the instance's own order. */
export function blockCandidates(instance: string, wanted?: number): readonly number[] {
  const start = instance === "default" ? 0 : spread(instance) % blockCount;
  const own = Array.from({ length: blockCount }, (_, offset) => firstBlockPort + ((start + offset) % blockCount) * blockSize);
  if (wanted === undefined || wanted < firstBlockPort || wanted >= firstBlockPort + blockCount * blockSize) return own;
  const first = wanted - ((wanted - firstBlockPort) % blockSize);
  return [first, ...own.filter((port) => port !== first)];
}

/** Shared ports in the order in which they are tried. Only the default instance takes the ports that browsers assume. */
export function sharedCandidates(instance: string): readonly SharedPorts[] {
  const others = Array.from({ length: 40 }, (_, offset) => {
    const http = 16_000 + ((spread(instance) + offset) % 400) * 2;
    return { http, https: http + 1 };
  });
  if (instance !== "default") return others;
  return [{ http: 80, https: 443 }, { http: 8080, https: 8443 }, { http: 8880, https: 9443 }, ...others];
}

/** The first free port of the blocks, or `undefined` when all are taken. A port that was had before is given again. */
export function freePort(blocks: readonly IngressBlock[], taken: ReadonlySet<number>, wanted?: number): number | undefined {
  const ports = blocks.flatMap(({ firstPort }) => Array.from({ length: blockSize }, (_, offset) => firstPort + offset));
  return wanted !== undefined && ports.includes(wanted) && !taken.has(wanted) ? wanted : ports.find((port) => !taken.has(port));
}
