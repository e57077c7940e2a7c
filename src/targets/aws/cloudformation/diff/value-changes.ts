import { isJsonObject } from "../json.ts";
import { canonical, textOf } from "./canonical.ts";
import { evaluationOf, section, type StackContent } from "./evaluate.ts";

/** A value that changes; on one side absent when it comes or goes. */
export interface ValueChange {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const MASK = "****";

/** The parameters of both sides. Values of `NoEcho` parameters are masked. */
export function compareParameters(before: StackContent, after: StackContent): readonly ValueChange[] {
  const [old, wanted] = [before, after].map(valuesOfParameters);
  if (old === undefined || wanted === undefined) return [];
  const declared = { ...section(before.template, "Parameters"), ...section(after.template, "Parameters") };
  return compareValues(old, wanted).map((change) => {
    const parameter = declared[change.name];
    const isSecret = isJsonObject(parameter) && canonical(parameter["NoEcho"]) === '"true"';
    const mask = (value: string | undefined): string | undefined => (value === undefined || !isSecret ? value : MASK);
    return { name: change.name, before: mask(change.before), after: mask(change.after) };
  });
}

function valuesOfParameters({ template, parameters }: StackContent): Readonly<Record<string, string>> {
  const entries = Object.entries(section(template, "Parameters")).flatMap(([name, parameter]) => {
    const value = parameters[name] ?? (isJsonObject(parameter) ? parameter["Default"] : undefined);
    return value === undefined ? [] : [[name, textOf(value)] as const];
  });
  return Object.fromEntries(entries);
}

/** The outputs of both sides; what an output or its export is made of counts as its value. */
export function compareOutputs(before: StackContent, after: StackContent): readonly ValueChange[] {
  const [old, wanted] = [before, after].map((content) => {
    const evaluation = evaluationOf(content);
    const entries = Object.entries(section(content.template, "Outputs")).flatMap(([name, output]) => {
      if (!isJsonObject(output)) return [];
      const { Value: value, Export: exported, Condition: condition } = output;
      if (typeof condition === "string" && evaluation.holds(condition) === false) return [];
      const evaluated = evaluation.evaluate({
        ...(value === undefined ? {} : { Value: value }),
        ...(exported === undefined ? {} : { Export: exported }),
      });
      return [[name, canonical(evaluated)] as const];
    });
    return Object.fromEntries(entries);
  });
  return old === undefined || wanted === undefined ? [] : compareValues(old, wanted);
}

function compareValues(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): readonly ValueChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .toSorted()
    .filter((name) => before[name] !== after[name])
    .map((name) => ({ name, before: before[name], after: after[name] }));
}
