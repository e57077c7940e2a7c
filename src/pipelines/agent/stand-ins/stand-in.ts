import { chmod, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { queryJson } from "./json-query.ts";

/** Where a stand-in reads and writes. */
export interface StandInStreams {
  readonly directory: string;
  readonly readInput: () => Promise<string>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The wrapper that a downloaded `copilot-linux` becomes. */
const wrapper = '#!/bin/sh\nexec /opt/copilot/last/copilot "$@"\n';

/**
 * Answers a program that generated buildspecs call and the image may not have: `wget` and `curl` for the original's binary, `ruby` for turning
 * YAML into JSON, `jq` for reading it. Gives the exit code; whatever it does not know it refuses by name.
 */
export async function runStandIn(program: string, parameters: readonly string[], streams: StandInStreams): Promise<number> {
  switch (program) {
    case "wget":
    case "curl":
      return download(program, parameters, streams);
    case "ruby":
      return yamlToJson(parameters, streams);
    case "jq":
      return query(parameters, streams);
    default:
      streams.err(`${program}: not found\n`);
      return 127;
  }
}

async function download(program: "wget" | "curl", parameters: readonly string[], { directory, out, err }: StandInStreams): Promise<number> {
  const address = parameters.find((parameter) => /^https?:\/\//.test(parameter));
  if (address === undefined || !isCopilotDownload(address)) {
    err(`${program}: only the address of copilot-linux is answered here; use an image that has ${program}\n`);
    return 4;
  }
  const target = outputOf(program, parameters) ?? basename(new URL(address).pathname);
  if (target === "-") out(wrapper);
  else {
    const path = join(directory, target);
    await writeFile(path, wrapper);
    await chmod(path, 0o755);
  }
  err(`${address} is answered by this Copilot\n`);
  return 0;
}

/** Whether an address is that of the original's command line for Linux. */
export const isCopilotDownload = (address: string): boolean => /\/copilot-linux(?:-[^/]*)?$/.test(address.replace(/[?#].*$/, ""));

function outputOf(program: "wget" | "curl", parameters: readonly string[]): string | undefined {
  const option =
    program === "wget" ? /^(?:-[a-zA-Z]*O|--output-document)(?:=?(?<value>.+))?$/ : /^(?:-[a-zA-Z]*o|--output)(?:=?(?<value>.+))?$/;
  for (const [index, parameter] of parameters.entries()) {
    const match = option.exec(parameter);
    if (match !== null) return match.groups?.["value"] ?? parameters[index + 1];
  }
  return program === "curl" && !parameters.some((parameter) => /^(?:-[a-zA-Z]*O|--remote-name)/.test(parameter)) ? "-" : undefined;
}

async function yamlToJson(parameters: readonly string[], { readInput, out, err }: StandInStreams): Promise<number> {
  const script = parameters[parameters.indexOf("-e") + 1] ?? "";
  if (!/^puts JSON\.(?:pretty_)?generate\(YAML\.(?:safe_)?load\((?:ARGF|STDIN)(?:\.read)?\)\)$/.test(script.trim())) {
    err("ruby: only turning YAML into JSON is answered here; use an image that has ruby\n");
    return 127;
  }
  out(`${JSON.stringify(parse(await readInput()), null, 2)}\n`);
  return 0;
}

async function query(parameters: readonly string[], { directory, readInput, out, err }: StandInStreams): Promise<number> {
  const options = parameters.filter((parameter) => parameter.startsWith("-"));
  const [text = ".", file] = parameters.filter((parameter) => !parameter.startsWith("-"));
  const unknown = options.find((option) => !["-r", "--raw-output", "-c", "--compact-output", "-e", "-M"].includes(option));
  const result =
    unknown === undefined
      ? queryJson(text, file === undefined ? await readInput() : await readFile(join(directory, file), "utf8"))
      : undefined;
  if (result?.ok !== true) {
    err(`jq: ${result?.problem ?? `${unknown ?? ""} is not answered; use an image that has jq`}\n`);
    return 5;
  }
  const raw = options.includes("-r") || options.includes("--raw-output");
  const indent = options.includes("-c") || options.includes("--compact-output") ? 0 : 2;
  for (const value of result.values) out(`${raw && typeof value === "string" ? value : JSON.stringify(value, null, indent)}\n`);
  return 0;
}
