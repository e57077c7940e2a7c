/** Addresses of an environment's network: the engine's gateway, the platform's own below, tasks above. */
export interface EnvironmentSubnet {
  /** E.g. `10.222.4.0/22`. */
  readonly subnet: string;
  readonly gateway: string;
  /** What the engine gives to tasks. */
  readonly range: string;
  /** Of the name server. */
  readonly dnsAddress: string;
}

/** Subnets there are to choose from. */
export const subnetCount = 512;
/** Of the ingress' first container; further ones follow. */
const firstIngressHost = 10;
const dnsHost = 2;

const toNumber = (address: string): number => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
const toAddress = (value: number): string => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");

/** One of the subnets by number: a quarter of 256 networks each, out of 10.222.0.0 to 10.229.255.255. */
export function toEnvironmentSubnet(index: number): EnvironmentSubnet {
  const base = toNumber("10.222.0.0") + (index % subnetCount) * 1024;
  return {
    subnet: `${toAddress(base)}/22`,
    gateway: toAddress(base + 1),
    range: `${toAddress(base + 512)}/23`,
    dnsAddress: toAddress(base + dnsHost),
  };
}

/** The name server's address in a network by its subnet. */
export const dnsAddressIn = (subnet: string): string => toAddress(toNumber(subnet.split("/")[0] ?? "") + dnsHost);

/** An ingress container's address in a network by its subnet; there are at most 200. */
export const ingressAddressIn = (subnet: string, index: number): string =>
  toAddress(toNumber(subnet.split("/")[0] ?? "") + firstIngressHost + index);

/** Whether an IPv4 address is in a subnet such as `10.222.4.0/22`. */
export function isInSubnet(address: string, subnet: string): boolean {
  const [base = "", bits = "32"] = subnet.split("/");
  const size = 2 ** (32 - Number(bits));
  return Math.floor(toNumber(address) / size) === Math.floor(toNumber(base) / size);
}
