import { isIPv4, isIPv6 } from "node:net";

import { text } from "./scalars.ts";

/** Whether `written` is a block of addresses such as `10.0.0.0/16`. */
export function isCidr(written: string): boolean {
  const [address = "", bits, ...rest] = written.split("/");
  if (bits === undefined || rest.length > 0 || !/^\d{1,3}$/.test(bits)) return false;
  return (isIPv4(address) && Number(bits) <= 32) || (isIPv6(address) && Number(bits) <= 128);
}

/** A block of addresses. */
export const cidr = text({
  noun: "a CIDR block such as `10.0.0.0/16`",
  problem: (written) => (isCidr(written) ? undefined : `Expected a CIDR block such as \`10.0.0.0/16\`, found \`${written}\`.`),
});
