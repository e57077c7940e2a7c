import path from "node:path";

import type { Diagnostic } from "../model/diagnostic.ts";
import { mergeTrees } from "./merge.ts";
import { parseYaml } from "./parse.ts";
import type { Shape } from "./schema/schema.ts";
import { rangeOf } from "./source.ts";
import { entryOf, withoutKeys } from "./tree.ts";
import type { Node } from "./tree.ts";

/** How many files may build on each other. */
const longestChain = 8;

/** How the files that a manifest builds on are found. */
export interface ExtendsContext {
  /** The text of a file; `undefined` where there is none. */
  readonly readText: (path: string) => string | undefined;
  readonly report: (diagnostic: Diagnostic) => void;
}

/** `root` laid on the file that its `extends` names, and that on the next. Without `extends`, `root` itself. */
export function applyExtends(shape: Shape, root: Node, context: ExtendsContext): Node {
  return extendFrom(shape, root, { ...context, chain: [path.normalize(root.place.source.name)] });
}

function extendFrom(shape: Shape, root: Node, context: ExtendsContext & { readonly chain: readonly string[] }): Node {
  const entry = entryOf(root, "extends");
  if (entry === undefined || root.kind !== "map") return root;
  const complain = (message: string, hint?: string): Node => {
    const at = rangeOf(entry.value.place);
    context.report({ severity: "error", code: "invalid-extends", message, path: "extends", at, ...(hint === undefined ? {} : { hint }) });
    return withoutKeys(root, ["extends"]);
  };
  if (entry.value.kind !== "scalar") return complain("Expected the path of a manifest to build on.");
  const file = path.join(path.dirname(root.place.source.name), entry.value.text);
  if (context.chain.includes(path.normalize(file))) return complain(`\`${entry.value.text}\` builds on this file in turn.`);
  if (context.chain.length >= longestChain) return complain(`More than ${longestChain} files build on each other.`);
  const text = context.readText(file);
  if (text === undefined) return complain(`There is no file \`${file}\`.`, "The path is relative to this manifest.");
  const parsed = parseYaml(file, text);
  if (!parsed.ok) {
    parsed.diagnostics.forEach(context.report);
    return withoutKeys(root, ["extends"]);
  }
  const base = extendFrom(shape, parsed.root, { ...context, chain: [...context.chain, path.normalize(file)] });
  return mergeTrees(withEnvironments(shape), base, withoutKeys(root, ["extends"]));
}

/** A manifest's shape with its overrides, which merge like the rest. */
const withEnvironments = (shape: Shape): Shape =>
  shape.kind !== "record"
    ? shape
    : {
        ...shape,
        fields: {
          ...shape.fields,
          environments: {
            shape: { kind: "dictionary", value: shape, deep: true, keyNoun: "environment" },
            description: "Overrides for environments.",
            required: false,
            docker: "meaning",
          },
        },
      };
