import type { ContainerDocument } from "../../targets/docker/stack-document.ts";
import type { DependencyCondition } from "../../model/workload-spec.ts";
import type { EngineContainer } from "../engine/engine.ts";

/** What is to be done about a task's containers that have not been started. */
export type StartDecision =
  | { readonly kind: "start"; readonly names: readonly string[] }
  /** Conditions may still come true. */
  | { readonly kind: "wait" }
  | { readonly kind: "done" }
  /** A condition can no longer come true. */
  | { readonly kind: "impossible"; readonly reason: string; readonly container: string };

/** Decides which containers may start, given those that the engine has by name. */
export function startDecision(
  documents: readonly ContainerDocument[],
  containers: Readonly<Record<string, EngineContainer | undefined>>,
): StartDecision {
  const waiting = documents.filter((document) => (containers[document.name]?.state ?? "created") === "created");
  if (waiting.length === 0) return { kind: "done" };
  const verdicts = waiting.map((document) => ({
    document,
    states: Object.entries(document.dependsOn).map(([name, condition]) => ({
      name,
      condition,
      is: conditionState(condition, containers[name]),
    })),
  }));
  for (const { document, states } of verdicts) {
    const failed = states.find((state) => state.is === "failed");
    if (failed) {
      const reason = `container ${document.name} waits for ${failed.name} to be ${failed.condition}, and ${failed.name} ${endWord(containers[failed.name])}`;
      return { kind: "impossible", reason, container: failed.name };
    }
  }
  const names = verdicts.filter(({ states }) => states.every((state) => state.is === "met")).map(({ document }) => document.name);
  return names.length > 0 ? { kind: "start", names } : { kind: "wait" };
}

function conditionState(condition: DependencyCondition, container: EngineContainer | undefined): "met" | "open" | "failed" {
  if (container === undefined || container.state === "created") return "open";
  const ended = container.state === "exited" || container.state === "dead";
  switch (condition) {
    case "START":
      return "met";
    case "COMPLETE":
      return ended ? "met" : "open";
    case "SUCCESS":
      if (!ended) return "open";
      return container.exitCode === 0 ? "met" : "failed";
    case "HEALTHY":
      if (container.health === "healthy" && !ended) return "met";
      return ended || container.health === "unhealthy" ? "failed" : "open";
  }
}

function endWord(container: EngineContainer | undefined): string {
  return container?.exitCode === undefined ? `is ${container?.health ?? "gone"}` : `exited with ${container.exitCode}`;
}
