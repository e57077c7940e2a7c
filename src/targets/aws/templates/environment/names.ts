import { sub } from "../../cloudformation/intrinsics.ts";
import type { Resources } from "../../cloudformation/template.ts";

/** The `Name` tag of an environment's resource: `copilot-<app>-<env>` and what it is. */
export const nameTag = (suffix = "") => [{ Key: "Name", Value: sub(`copilot-\${AppName}-\${EnvironmentName}${suffix}`) }];

/** All resources of `parts`; a logical ID stands in one of them only. */
export const mergeResources = (parts: readonly Resources[]): Resources => Object.fromEntries(parts.flatMap((part) => Object.entries(part)));
