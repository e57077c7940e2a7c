import type { PlatformSpec } from "../../../model/workload-spec.ts";

const architectures: Readonly<Record<string, string>> = { X86_64: "amd64", AMD64: "amd64", ARM64: "arm64", ARM: "arm64" };

/** The engine's name of a platform, e.g. `linux/arm64`. */
export function toEnginePlatform({ osFamily, architecture }: PlatformSpec): string {
  const system = osFamily.startsWith("WINDOWS") ? "windows" : osFamily.toLowerCase();
  return `${system}/${architectures[architecture.toUpperCase()] ?? architecture.toLowerCase()}`;
}
