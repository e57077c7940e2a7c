import type { Diagnostic } from "../model/diagnostic.ts";
import { Problem } from "../model/problem.ts";
import { Interrupted } from "../terminal/prompts.ts";
import type { Style } from "../terminal/style.ts";

/** How an error is told. */
export interface ErrorOptions {
  readonly json: boolean;
  readonly style: Style;
  /** Whether Ctrl-C was pressed. */
  readonly interrupted: boolean;
  /** Whether defects show their stack. */
  readonly debug: boolean;
}

/** What standard error gets for an error, and the exit code. */
export function renderError(error: unknown, options: ErrorOptions): { readonly text: string; readonly exitCode: number } {
  const interrupted = options.interrupted || error instanceof Interrupted;
  const problem = interrupted ? new Problem("interrupted", "stopped: Ctrl-C was pressed", withHint(error)) : toProblem(error);
  const exitCode = interrupted ? 130 : 1;
  if (options.json) {
    const { code, message, hint, diagnostics } = problem;
    const body = { code, message, ...(hint === undefined ? {} : { hint }), ...(diagnostics.length === 0 ? {} : { diagnostics }) };
    return { text: `${JSON.stringify({ error: body })}\n`, exitCode };
  }
  const { style } = options;
  const lines = problem.diagnostics.map((diagnostic) => renderPlace(diagnostic, style));
  lines.push(`${style.red("✘")} ${problem.message}`);
  if (problem.hint !== undefined) lines.push(`  ${style.faint("→")} ${problem.hint}`);
  if (options.debug && error instanceof Error && error.stack !== undefined) lines.push(style.faint(error.stack));
  return { text: `${lines.join("\n")}\n`, exitCode };
}

const withHint = (error: unknown): { readonly hint?: string } =>
  error instanceof Problem && error.hint !== undefined ? { hint: error.hint } : {};

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Problem("defect", `copilot has a defect: ${message}`, {
    cause: error,
    hint: "run it again with COPILOT_DEBUG=1 and report what it prints",
  });
}

/** One complaint about a file: where, what, and the line with a caret. */
function renderPlace({ severity, message, at, hint }: Diagnostic, style: Style): string {
  const head = severity === "error" ? style.red("error") : style.yellow("warning");
  if (at === undefined) return `${head}: ${message}${hint === undefined ? "" : ` (${hint})`}`;
  const gutter = " ".repeat(String(at.line).length);
  return [
    `${head}: ${message}`,
    `${gutter}${style.blue("──▶")} ${at.file}:${at.line}:${at.column}`,
    `${gutter} ${style.blue("│")}`,
    `${style.blue(String(at.line))} ${style.blue("│")} ${at.text}`,
    `${gutter} ${style.blue("│")} ${" ".repeat(Math.max(0, at.column - 1))}${style.red("^".repeat(Math.max(1, at.length)))}`,
    ...(hint === undefined ? [] : [`${gutter} ${style.blue("=")} ${hint}`]),
    "",
  ].join("\n");
}
