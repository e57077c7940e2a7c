import type { CommandTree } from "./define.ts";
import type { CommandContext } from "./context.ts";
import { renderError } from "./render-error.ts";
import { resolveCommand } from "./resolve.ts";

/**
 * Runs one command line and returns its exit code: 0 success, 1 it failed, 130 interrupted; a command may have codes of its own.
 * Never throws.
 */
export async function runCommand(tree: CommandTree, argv: readonly string[], context: CommandContext): Promise<number> {
  try {
    return await dispatch(tree, argv, context);
  } catch (error) {
    const { text, exitCode } = await renderError(error, {
      json: argv.some((word) => word === "--json" || word === "--json=true"),
      style: context.terminal.err.style,
      color: context.terminal.err.color,
      interrupted: context.signal.aborted,
      debug: (context.variables["COPILOT_DEBUG"] ?? "") !== "",
    });
    context.terminal.err.write(text);
    return exitCode;
  }
}

async function dispatch(tree: CommandTree, argv: readonly string[], context: CommandContext): Promise<number> {
  const { out } = context.terminal;
  const resolved = resolveCommand(tree, argv);
  if (resolved.kind === "version") {
    out.write(`copilot version: v${context.version}\n`);
    return 0;
  }
  if (resolved.kind === "root" || resolved.kind === "group") {
    const { renderGroupHelp, renderRootHelp } = await import("./help.ts");
    out.write(resolved.kind === "root" ? renderRootHelp(tree, out.style) : renderGroupHelp(resolved.name, resolved.group, out.style));
    return 0;
  }
  const { parseArguments } = await import("./parse.ts");
  const { command, path, rest } = resolved;
  const parsed = resolved.wantsHelp ? ({ kind: "help" } as const) : parseArguments(command, path, rest);
  if (parsed.kind === "help") {
    const { renderCommandHelp } = await import("./help.ts");
    out.write(renderCommandHelp(path, command, out.style));
    return 0;
  }
  return (await command.start(parsed, tellingOf(parsed.awsOnly, context))) ?? 0;
}

/** A context that says on Docker which of the given flags have no effect there. */
function tellingOf(flags: readonly string[], context: CommandContext): CommandContext {
  if (flags.length === 0) return context;
  const message = `${flags.join(", ")} ${flags.length === 1 ? "has" : "have"} no effect on Docker.`;
  return {
    ...context,
    openTarget: (target, report) => {
      if (target === "docker") report({ type: "notice", level: "warning", message });
      return context.openTarget(target, report);
    },
  };
}
