import { text } from "./scalars.ts";

/** Reads `1-10`; `undefined` for anything else. */
export function readBand(written: string): { readonly min: number; readonly max: number } | undefined {
  const [, min, max] = /^(\d+)-(\d+)$/.exec(written) ?? [];
  return min === undefined || max === undefined ? undefined : { min: Number(min), max: Number(max) };
}

/** A range of numbers such as `1-10`. */
export const band = text({
  noun: "a range such as `1-10`",
  problem: (written) => {
    const read = readBand(written);
    if (read === undefined) return `Expected a range such as \`1-10\`, found \`${written}\`.`;
    return read.min > read.max ? `The range \`${written}\` starts above its end.` : undefined;
  },
});
