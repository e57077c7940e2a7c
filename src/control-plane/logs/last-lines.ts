import type { Engine, EngineLogLine } from "../engine/engine.ts";
import type { EnvironmentKey } from "../object-names.ts";
import type { SecretSource } from "../secrets/secret-source.ts";

const lineCount = 20;

/** The last lines that a container wrote, secrets masked; none when it is gone. */
export async function readLastLines(
  parts: { readonly engine: Engine; readonly secrets: SecretSource },
  key: EnvironmentKey,
  containerId: string,
): Promise<readonly string[]> {
  const lines: EngineLogLine[] = [];
  try {
    for await (const line of parts.engine.containerLogs(containerId, { tail: lineCount })) lines.push(line);
  } catch {
    // The lines explain a failure; that they cannot be read must not hide it.
  }
  return lines.toSorted((a, b) => a.at.localeCompare(b.at)).map((line) => parts.secrets.mask(key, line.message));
}
