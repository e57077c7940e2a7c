import { text } from "node:stream/consumers";
import type { CommandRun } from "../../define.ts";
import { withTarget } from "../../open-application.ts";
import type { flags } from "./credential.command.ts";

/** Gives git the token of the control plane, and only for the address of the control plane. */
export const run: CommandRun<typeof flags> = async ({ argument }, context) => {
  if (argument !== "get") return;
  const asked = Object.fromEntries(
    (await text(process.stdin)).split("\n").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  await withTarget(context, { target: "docker" }, async ({ session, progress }) => {
    const application = /^git\/(?<name>[^/]+)/.exec(asked["path"] ?? "")?.groups?.["name"];
    if (session.pipelines === undefined || application === undefined) return;
    const { url, username, password } = session.pipelines.gitRemote(decodeURIComponent(application));
    progress.close();
    if (new URL(url).host === asked["host"]) context.terminal.out.write(`username=${username}\npassword=${password}\n`);
  });
};
