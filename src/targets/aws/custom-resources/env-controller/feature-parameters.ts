import { parseAliases } from "../lambda/aliases.ts";

/** Parameters of an environment stack by name. */
export type StackParameters = Readonly<Record<string, string>>;

/** What a workload wants from its environment. */
export interface FeatureRequest {
  readonly workload: string;
  /** The list parameters that shall name the workload, e.g. `ALBWorkloads`; others shall not. */
  readonly parameters: readonly string[];
  readonly aliases: readonly string[];
}

/** The parameter that keeps host names by workload in a JSON text. */
const ALIASES = "Aliases";

/** The list parameters have names like this one. */
const isListParameter = (name: string): boolean => name.endsWith("Workloads");

/** The parameters which have to change for a request, with their new values. Throws when the environment lacks one. */
export function changedParameters(current: StackParameters, request: FeatureRequest): StackParameters {
  const wanted = new Set(request.parameters.filter(isListParameter));
  for (const name of wanted) {
    if (current[name] === undefined) throw new Error(`The environment has no parameter ${name}: deploy the environment first`);
  }
  const entries = Object.entries(current).flatMap(([name, value]) => {
    const next = nextValue(name, value, { ...request, wants: wanted.has(name) });
    return next === value ? [] : [[name, next]];
  });
  return Object.fromEntries(entries);
}

function nextValue(name: string, value: string, request: FeatureRequest & { readonly wants: boolean }): string {
  if (name === ALIASES) return withAliases(value, request);
  if (!isListParameter(name)) return value;
  const workloads = value.split(",").filter((each) => each !== "");
  if (workloads.includes(request.workload) === request.wants) return value;
  return (request.wants ? [...workloads, request.workload] : workloads.filter((each) => each !== request.workload)).join(",");
}

/** Keeps the order of keys, so that nothing but this workload's entry changes. */
function withAliases(text: string, { workload, aliases }: FeatureRequest): string {
  const all = parseAliases(text);
  if ((all[workload] ?? []).join(",") === aliases.join(",")) return text;
  const others = Object.entries(all).filter(([name]) => name !== workload);
  const entries = aliases.length === 0 ? others : Object.entries({ ...all, [workload]: aliases });
  return entries.length === 0 ? "" : JSON.stringify(Object.fromEntries(entries));
}
