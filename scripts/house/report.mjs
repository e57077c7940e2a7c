const started = performance.now();
const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/**
 * Does one part of the work and says how long it took; `work` answers what was done in a few words.
 * @template T @param {string} title @param {() => Promise<T>} work @returns {Promise<T>}
 */
export async function part(title, work) {
  const begin = performance.now();
  process.stderr.write(`• ${title} …\n`);
  const result = await work();
  process.stderr.write(`✔ ${title}${typeof result === "string" ? `: ${result}` : ""} (${seconds(performance.now() - begin)})\n`);
  return result;
}

/** Time since the program started, in words. */
export const elapsed = () => seconds(performance.now() - started);

/** Ends the program on what a person can put right: the message, without a stack trace. */
export function endOn(error) {
  process.stderr.write(`\n✘ ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
