import type { Diagnostic } from "../model/diagnostic.ts";
import { Problem } from "../model/problem.ts";
import { Interrupted } from "../terminal/prompts.ts";
import type { JsonError } from "./json-outputs.ts";
import type { Style } from "../terminal/style.ts";

/** How an error is told. */
export interface ErrorOptions {
  readonly json: boolean;
  readonly style: Style;
  readonly color: boolean;
  /** Whether Ctrl-C was pressed. */
  readonly interrupted: boolean;
  /** Whether defects show their stack. */
  readonly debug: boolean;
}

/** A failure that scripts tell from others by the exit code. `cause` is what is told. */
export class FailedWith extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, cause: unknown) {
    super("failed with an exit code of its own", { cause });
    this.exitCode = exitCode;
  }
}

/** What standard error gets for an error, and the exit code. */
export async function renderError(thrown: unknown, options: ErrorOptions): Promise<{ readonly text: string; readonly exitCode: number }> {
  const error = thrown instanceof FailedWith ? thrown.cause : thrown;
  const interrupted = options.interrupted || error instanceof Interrupted;
  const problem = interrupted ? new Problem("interrupted", "stopped: Ctrl-C was pressed", withHint(error)) : toProblem(error);
  const exitCode = interrupted ? 130 : thrown instanceof FailedWith ? thrown.exitCode : 1;
  if (options.json) {
    const { code, message, hint, diagnostics } = problem;
    const body = { code, message, ...(hint === undefined ? {} : { hint }), ...(diagnostics.length === 0 ? {} : { diagnostics }) };
    return { text: `${JSON.stringify({ error: body } satisfies JsonError)}\n`, exitCode };
  }
  const { style } = options;
  const lines = problem.diagnostics.length === 0 ? [] : [await renderPlaces(problem.diagnostics, options)];
  for (const { message, hint } of problem.parts.length === 0 ? [problem] : problem.parts) {
    lines.push(`${style.red("✘")} ${message}`);
    if (hint !== undefined) lines.push(`  ${style.faint("→")} ${hint}`);
  }
  if (options.debug && error instanceof Error && error.stack !== undefined) lines.push(style.faint(error.stack));
  return { text: `${lines.join("\n")}\n`, exitCode };
}

/** The code for showing lines of files is loaded with the first complaint. */
async function renderPlaces(diagnostics: readonly Diagnostic[], { color }: ErrorOptions): Promise<string> {
  const { renderDiagnostics } = await import("../manifest/render.ts");
  return `${renderDiagnostics(diagnostics, { color })}\n`;
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
