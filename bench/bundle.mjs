/*
 * Bundles a program of this folder into one file: bundle.mjs INPUT OUTPUT. A process of its own: a process that is started by a large one
 * counts that one's memory as its own.
 */
import { build } from "rolldown";

const [input, file] = process.argv.slice(2);
await build({
  input,
  platform: "node",
  resolve: { mainFields: ["module", "main"] },
  transform: { target: "node20.19" },
  output: { file, format: "es", minify: true, codeSplitting: false },
});
