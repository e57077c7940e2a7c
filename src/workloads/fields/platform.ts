import { either } from "../../manifest/schema/alternatives.ts";
import { optional } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { text } from "../../manifest/schema/scalars.ts";
import { listNames, nearestName } from "../../manifest/schema/suggestion.ts";
import type { Findings } from "../../manifest/rules.ts";
import type { PlatformSpec } from "../../model/workload-spec.ts";

const shortPlatforms = ["linux/amd64", "linux/x86_64", "linux/arm", "linux/arm64", "windows/amd64", "windows/x86_64"];
const windowsFamilies = [
  "windows",
  "windows_server_2019_core",
  "windows_server_2019_full",
  "windows_server_2022_core",
  "windows_server_2022_full",
];

/** The operating system and processor: `os/architecture`, or a map of both. */
export const platform = either(
  text({
    noun: "a platform such as `linux/arm64`",
    problem: (written) => {
      if (shortPlatforms.includes(written.toLowerCase())) return undefined;
      const nearest = nearestName(written, shortPlatforms);
      return `\`${written}\` is no platform: expected ${listNames(shortPlatforms)}${nearest === undefined ? "" : `, perhaps \`${nearest}\``}.`;
    },
    examples: ["linux/arm64"],
  }),
  record({
    osfamily: optional(text(), "Operating system: `linux`, `windows`, `windows_server_2019_core` and the like."),
    architecture: optional(text(), "Processor: `x86_64`, `amd64`, `arm` or `arm64`."),
  }),
);

/** A platform in lower case, by its two halves. */
export interface PlatformPair {
  readonly family: string;
  readonly architecture: string;
}

/** The two halves of a platform; `undefined` where it is not given or not whole. */
export function platformPair(value: Infer<typeof platform> | undefined): PlatformPair | undefined {
  if (value === undefined) return undefined;
  const [family, architecture] = typeof value === "string" ? value.split("/") : [value.osfamily, value.architecture];
  if (family === undefined || architecture === undefined) return undefined;
  return { family: family.toLowerCase(), architecture: architecture.toLowerCase() };
}

/** Whether the platform is one of the Windows families. */
export const isWindows = (value: Infer<typeof platform> | undefined): boolean =>
  windowsFamilies.includes(platformPair(value)?.family ?? "");

/** Whether the processor is an ARM one. */
export const isArm = (value: Infer<typeof platform> | undefined): boolean =>
  ["arm", "arm64"].includes(platformPair(value)?.architecture ?? "");

/** Both halves of the map form are there, and go together. */
export function checkPlatform(value: Infer<typeof platform> | undefined, findings: Findings): void {
  if (value === undefined || typeof value === "string") return;
  const pair = platformPair(value);
  if (pair === undefined) {
    findings.error(["platform"], "`platform.osfamily` and `platform.architecture` go together: one of them is missing.");
    return;
  }
  const architectures = pair.family === "linux" ? ["x86_64", "amd64", "arm", "arm64"] : ["x86_64", "amd64"];
  const families = ["linux", ...windowsFamilies];
  if (!families.includes(pair.family))
    findings.error(["platform", "osfamily"], `Expected ${listNames(families)}, found \`${pair.family}\`.`);
  else if (!architectures.includes(pair.architecture))
    findings.error(
      ["platform", "architecture"],
      `Expected ${listNames(architectures)} for \`${pair.family}\`, found \`${pair.architecture}\`.`,
    );
}

/** As ECS writes the platform. */
export function toPlatform(value: Infer<typeof platform> | undefined): PlatformSpec | undefined {
  const pair = platformPair(value);
  if (pair === undefined) return undefined;
  const osFamily = pair.family === "windows" ? "WINDOWS_SERVER_2019_CORE" : pair.family.toUpperCase();
  return { osFamily, architecture: pair.architecture.startsWith("arm") ? "ARM64" : "X86_64" };
}
