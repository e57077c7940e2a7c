import { fileURLToPath } from "node:url";
import { connectProgram } from "./connect-program.ts";
import { nameProgram } from "./discovery/name-program.ts";
import { forwardProgram } from "./ingress/forward-program.ts";
import { serveProgram } from "./serve-program.ts";
import { readSettings } from "./settings.ts";

/** What this one file can be: each container of the platform runs it with another word. */
const programs: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  serve: () => serveProgram(readSettings(process.env), fileURLToPath(import.meta.url)),
  connect: () => connectProgram(readSettings(process.env).port),
  names: nameProgram,
  forward: forwardProgram,
};

const [name = "serve", ...args] = process.argv.slice(2);
const program = programs[name];
if (!program) {
  process.stderr.write(`There is no program "${name}"; there are ${Object.keys(programs).join(", ")}.\n`);
  process.exit(2);
}
try {
  await program(args);
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}
