import { text } from "node:stream/consumers";
import { runAgent } from "./agent.ts";
import { runStandIn } from "./stand-ins/stand-in.ts";

const [mode, program, ...parameters] = process.argv.slice(2);
if (mode === "stand-in") {
  process.exitCode = await runStandIn(program ?? "", parameters, {
    directory: process.cwd(),
    readInput: () => text(process.stdin),
    out: (line) => process.stdout.write(line),
    err: (line) => process.stderr.write(line),
  });
} else {
  process.exit(await runAgent({ input: process.stdin, output: process.stdout }, process.env));
}
