import type { FollowedOutcome } from "../operations/follow.ts";
import type { JsonOutputs } from "./json-outputs.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** Tells what to do next, below a heading, on standard error. */
export function recommend(terminal: Terminal, actions: readonly string[]): void {
  if (actions.length === 0) return;
  const heading = actions.length === 1 ? "Recommended follow-up action:" : "Recommended follow-up actions:";
  terminal.err.write(`\n${heading}\n${actions.map((action) => `  - ${action.replaceAll("\n", "\n    ")}\n`).join("")}`);
}

/** A line about something that is done. */
export const succeed = ({ err }: Terminal, message: string): void => err.write(`${err.style.green("✔")} ${message}\n`);

/** A line about something to know. */
export const note = ({ err }: Terminal, message: string): void => err.write(`${err.style.yellow(`Note: ${message}`)}\n`);

/** One line of JSON on standard output, in the shape that is published for the command. */
export const printJson = <C extends keyof JsonOutputs>({ out }: Terminal, _command: C, value: JsonOutputs[C]): void =>
  out.write(`${JSON.stringify(value)}\n`);

/** A list as the original prints it: `null` when it is empty, which generated buildspecs test for. */
export const orNull = <T>(list: readonly T[]): readonly T[] | null => (list.length === 0 ? null : list);

/** Tells how something's deployment ended, and why it failed with the container's last lines. Returns the exit code. */
export function reportOutcome(terminal: Terminal, what: string, outcome: FollowedOutcome, verb: "deploy" | "run" = "deploy"): number {
  const { err } = terminal;
  switch (outcome.kind) {
    case "deployed":
      succeed(terminal, `Deployed ${what}${outcome.revision > 0 ? ` (revision ${outcome.revision})` : ""}.`);
      return 0;
    case "unchanged":
      err.write(`- ${what}: nothing changed since revision ${outcome.revision}.\n`);
      return 0;
    case "detached":
      err.write(`- The deployment of ${what} goes on in the background.\n`);
      return 0;
    case "cancelled":
      err.write(`${err.style.red("✘")} The deployment of ${what} was cancelled. ${afterCancelling(outcome.revision)}\n`);
      return 130;
    case "rolled-back":
    case "failed":
      err.write(renderFailure(terminal, `${verb} ${what}`, outcome));
      if (verb === "deploy") err.write(`  ${fateOf(outcome)}\n`);
      return 1;
  }
}

function renderFailure({ err }: Terminal, what: string, outcome: Extract<FollowedOutcome, { readonly failure: unknown }>): string {
  const { failure } = outcome;
  const { style } = err;
  const code =
    failure.exitCode === undefined || failure.reason.includes(String(failure.exitCode)) ? "" : ` (exit code ${failure.exitCode})`;
  const lines = [`${style.red("✘")} ${what}: ${failure.reason}${code}`];
  if (failure.lastLines.length > 0) {
    lines.push(`  The last lines${failure.container === undefined ? "" : ` of container ${failure.container}`}:`);
    lines.push(...failure.lastLines.map((line) => `    ${style.faint("│")} ${line}`));
  }
  return `${lines.join("\n")}\n`;
}

function fateOf(outcome: Extract<FollowedOutcome, { readonly failure: unknown }>): string {
  if (outcome.kind === "failed") return "It was left as it is.";
  return outcome.revision === undefined
    ? "Nothing runs: there was no earlier version."
    : `Rolled back: revision ${outcome.revision} serves on.`;
}

const afterCancelling = (revision: number | undefined): string =>
  revision === undefined ? "Nothing runs: there was no earlier version." : `Revision ${revision} serves on.`;

/** The worst of several exit codes. */
export const worst = (codes: readonly number[]): number => Math.max(0, ...codes);
