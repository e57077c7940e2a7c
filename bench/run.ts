import { readdirSync } from "node:fs";
import { formatFigure, isShort, type Figure } from "./figures.ts";

const wanted = process.argv.slice(2);
const suffix = ".bench.ts";
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length))
  .filter((name) => wanted.length === 0 || wanted.includes(name));

let short = false;
for (const name of names) {
  const { run }: { run: () => Promise<readonly Figure[]> } = await import(`./${name}${suffix}`);
  for (const figure of await run()) {
    short ||= isShort(figure);
    process.stdout.write(`${formatFigure(figure)}\n`);
  }
}
process.exitCode = short ? 1 : 0;
