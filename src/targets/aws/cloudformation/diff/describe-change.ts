import type { ResourceChange, ResourceEffect, StackChanges } from "./stack-changes.ts";
import type { ValueChange } from "./value-changes.ts";

/** How a line about a change is meant, for whoever gives it a colour. */
export type ChangeTone = "added" | "changed" | "removed" | "danger";

/** A line about one change. */
export interface ChangeLine {
  readonly tone: ChangeTone;
  readonly text: string;
}

/** Tells the changes of a stack in lines: resources by name with what becomes of them, then parameters, then outputs. */
export function describeChanges({ resources, parameters, outputs }: StackChanges): readonly ChangeLine[] {
  return [
    ...resources.map(describeResource),
    ...parameters.map((change) => describeValue("Parameter", change)),
    ...outputs.map(({ name, before, after }) => describeOutput(name, before === undefined, after === undefined)),
  ];
}

function describeResource({ logicalId, type, effect, changed, causes }: ResourceChange): ChangeLine {
  const name = `${logicalId} (${type})`;
  const lines: Readonly<Record<ResourceEffect, ChangeLine>> = {
    create: { tone: "added", text: `+ ${name}` },
    update: { tone: "changed", text: `~ ${name}: ${changed.join(", ")}` },
    replace: { tone: "danger", text: `± ${name} will be replaced, because of ${causes.join(", ")}` },
    "may-replace": { tone: "danger", text: `± ${name} may be replaced, because of ${causes.join(", ")}` },
    delete: { tone: "danger", text: `- ${name} will be deleted` },
    retain: { tone: "removed", text: `- ${name} leaves the stack and is kept` },
  };
  return lines[effect];
}

function describeValue(kind: string, { name, before, after }: ValueChange): ChangeLine {
  if (before === undefined) return { tone: "added", text: `+ ${kind} ${name}: ${after}` };
  if (after === undefined) return { tone: "removed", text: `- ${kind} ${name}: ${before}` };
  return { tone: "changed", text: `~ ${kind} ${name}: ${before} -> ${after}` };
}

function describeOutput(name: string, isNew: boolean, isGone: boolean): ChangeLine {
  if (isNew) return { tone: "added", text: `+ Output ${name}` };
  return isGone ? { tone: "removed", text: `- Output ${name}` } : { tone: "changed", text: `~ Output ${name}` };
}
