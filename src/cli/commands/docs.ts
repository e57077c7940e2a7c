import type { CommandRun } from "../define.ts";
import type { flags } from "./docs.command.ts";

const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  linux: ["xdg-open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Prints the address of the documentation, and opens it where a person sits at a terminal. */
export const run: CommandRun<typeof flags> = async (_input, { terminal, processes, platform, documentation }) => {
  terminal.out.write(`${documentation}\n`);
  const opener = openers[platform];
  if (!terminal.interactive || opener === undefined) return;
  const [file, ...args] = opener;
  // Without a browser the printed address is the answer.
  await processes.run(file, [...args, documentation]).catch(() => undefined);
};
