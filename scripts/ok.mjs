import { root } from "./house/dependencies.mjs";
import { elapsed, endOn, part } from "./house/report.mjs";
import { mustRun } from "./house/run.mjs";

/** `npm run ok`: the gate. Types, lint, format, unused code, and the unit tests, which also check the borders and the generated files. */
const bin = (path) => [process.execPath, [`node_modules/${path}`]];
const checks = [
  ["Types", "typescript/bin/tsc", ["-p", "."]],
  ["Lint", "oxlint/bin/oxlint", ["--type-aware", "--quiet"]],
  ["Format", "oxfmt/bin/oxfmt", ["--check"]],
  ["Unused", "knip/bin/knip.js", []],
  ["Unit tests, borders, generated files", "vitest/vitest.mjs", ["run", "--project", "unit", "--reporter=dot"]],
];
const wanted = process.argv.slice(2);

try {
  for (const [title, path, args] of checks) {
    if (wanted.length > 0 && !wanted.some((word) => title.toLowerCase().startsWith(word))) continue;
    const [program, first] = bin(path);
    await part(title, () => mustRun(program, [...first, ...args], { cwd: root }).then(() => "ok"));
  }
  process.stdout.write(`All good in ${elapsed()}.\n`);
} catch (error) {
  endOn(error);
}
