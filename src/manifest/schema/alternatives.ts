import type { Diagnostic } from "../../model/diagnostic.ts";
import { formatPath } from "../tree.ts";
import type { Node } from "../tree.ts";
import { saysNothing } from "./record.ts";
import { complain, complainOfType, describeNode } from "./schema.ts";
import type { DecodeContext, Infer, Schema, Shape } from "./schema.ts";

/**
 * A value of one of several forms. The form is chosen by what stands there (a map, a list, a scalar), so complaints are about the form that was
 * meant; where several forms could be meant, they are about the one that got furthest.
 */
export function either<const B extends readonly Schema<unknown>[]>(...branches: B): Schema<Infer<B[number]>> {
  return choose(branches, true);
}

/** As {@link either}, for a field that never dropped values of a wrong type: lenient reading refuses them too. */
export function strictEither<const B extends readonly Schema<unknown>[]>(...branches: B): Schema<Infer<B[number]>> {
  return choose(branches, false);
}

function choose<const B extends readonly Schema<unknown>[]>(branches: B, tolerant: boolean): Schema<Infer<B[number]>> {
  return {
    shape: { kind: "either", branches: branches.map((branch) => branch.shape) },
    decode: (node, context) => {
      const possible = branches.filter((branch) => accepts(branch.shape, node));
      if (possible.length === 0) {
        const expected = branches.map((branch) => nounOf(branch.shape)).join(" or ");
        // With no form to fall back on, this was never ignored.
        complainOfType(node, { ...context, inComposite: false }, expected);
        return undefined;
      }
      const attempts = possible.map((branch) =>
        attempt(branch, node, { ...context, inComposite: tolerant && branch.shape.kind === "record" }),
      );
      const best = attempts.find((candidate) => candidate.clean) ?? attempts.toSorted((left, right) => right.reach - left.reach)[0];
      for (const diagnostic of best?.diagnostics ?? []) context.report(diagnostic);
      // Each branch decodes to its own type, and `best` is one of them.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return best?.value as Infer<B[number]> | undefined;
    },
  };
}

interface Attempt {
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
  /** Nothing is wrong. */
  readonly clean: boolean;
  /** How deep the first error is. */
  readonly reach: number;
}

function attempt(branch: Schema<unknown>, node: Node, context: DecodeContext): Attempt {
  const diagnostics: Diagnostic[] = [];
  const inner: DecodeContext = {
    ...context,
    report: (diagnostic) => diagnostics.push(diagnostic),
  };
  const value = branch.decode(node, inner);
  const failed = diagnostics.some((diagnostic) => diagnostic.severity === "error");
  if (
    branch.shape.kind === "record" &&
    node.kind === "map" &&
    !failed &&
    (saysNothing(branch.shape.fields, node) || isEmptyObject(value))
  ) {
    const message = `Expected at least one field in \`${formatPath(context.path)}\`, found ${describeNode(node)} without any.`;
    complain(node, inner, { code: "empty-map", message });
    return { value: undefined, diagnostics, clean: false, reach: context.path.length };
  }
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  const reach = Math.max(0, ...errors.map((diagnostic) => diagnostic.path?.length ?? 0));
  return { value, diagnostics, clean: errors.length === 0, reach };
}

/** Every value of the map was of a wrong type, and dropped. */
const isEmptyObject = (value: unknown): boolean => typeof value === "object" && value !== null && Object.keys(value).length === 0;

/** Whether a value of this shape can stand as this kind of node. */
export function accepts(shape: Shape, node: Node): boolean {
  switch (shape.kind) {
    case "list":
      return node.kind === "list";
    case "record":
    case "dictionary":
      return node.kind === "map";
    case "either":
      return shape.branches.some((branch) => accepts(branch, node));
    case "anything":
      return true;
    default:
      return node.kind === "scalar";
  }
}

/** What a shape is called in a sentence. */
export function nounOf(shape: Shape): string {
  switch (shape.kind) {
    case "text":
      return shape.noun;
    case "integer":
      return "a whole number";
    case "number":
      return "a number";
    case "boolean":
      return "`true` or `false`";
    case "duration":
      return "a duration such as `1m30s`";
    case "anything":
      return "any value";
    case "list":
      return "a list";
    case "dictionary":
    case "record":
      return "a map";
    default:
      return shape.branches.map(nounOf).join(" or ");
  }
}
