import type { CustomResource, Made, Work } from "../lambda/custom-resource.ts";
import { readText, type ResourceProperties } from "../lambda/event.ts";

/** The priorities of a listener's rules; `default` is that of the rule that matches everything. */
export type ListRulePriorities = (listenerArn: string) => Promise<readonly string[]>;

/** Rules for the path `/` match every request, so they stand behind all others: from 50000 downwards to 48000. */
const ROOT_RULES = { from: 48_000, to: 50_000 } as const;

/** Finds free priorities on a listener for a workload's rules: `Priority`, `Priority1`, … in the order of the paths. */
export function rulePriority(listRulePriorities: ListRulePriorities): CustomResource {
  const choose = async ({ event }: Work): Promise<Made> => {
    const paths = readPaths(event.ResourceProperties);
    const used = await listRulePriorities(readText(event.ResourceProperties, "ListenerArn"));
    return { data: choosePriorities(paths, used) };
  };
  return {
    deadlineMinutes: 9.5,
    physicalResourceId: (event) => event.PhysicalResourceId ?? `alb-rule-priority-${event.LogicalResourceId}`,
    create: choose,
    update: choose,
    delete: () => Promise.resolve(),
  };
}

/** As many paths as there are rules. Templates of old versions have a single one as a text, or none for a rule that is not the root's. */
function readPaths({ RulePath: value }: ResourceProperties): readonly string[] {
  const paths: readonly unknown[] = Array.isArray(value) ? value : [value];
  return paths.map((path) => (typeof path === "string" ? path : ""));
}

/** Priorities for the given paths on a listener where others are used. */
export function choosePriorities(paths: readonly string[], used: readonly string[]): Readonly<Record<string, number>> {
  const numbers = used.filter((priority) => priority !== "default").map(Number);
  let root = Math.min(ROOT_RULES.to + 1, ...numbers.filter((each) => each >= ROOT_RULES.from));
  let ordinary = Math.max(0, ...numbers.filter((each) => each < ROOT_RULES.from));
  const chosen = paths.map((path) => (path === "/" ? --root : ++ordinary));
  return Object.fromEntries(chosen.map((priority, index) => [index === 0 ? "Priority" : `Priority${index}`, priority]));
}
