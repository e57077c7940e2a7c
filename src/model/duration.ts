const unitMilliseconds: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
const whole = /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;

/** Milliseconds of a duration such as `1m30s`, written with units as Go writes them; `undefined` when `text` is not one. */
export function parseDuration(text: string): number | undefined {
  if (!whole.test(text)) return undefined;
  let milliseconds = 0;
  for (const [, amount, unit] of text.matchAll(part)) milliseconds += Number(amount) * (unitMilliseconds[unit ?? ""] ?? 0);
  return text.startsWith("-") ? -milliseconds : milliseconds;
}
