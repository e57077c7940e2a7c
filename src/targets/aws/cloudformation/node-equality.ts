import { isAlias, isMap, isScalar, isSeq, Scalar } from "yaml";

const PLAIN_TYPES: readonly (readonly [string, RegExp])[] = [
  ["null", /^(?:~|null|Null|NULL|)$/],
  ["bool", /^(?:true|True|TRUE|false|False|FALSE)$/],
  ["int", /^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[\da-fA-F_]+|[\d_]+)$/],
  ["float", /^[-+]?(?:\.[\d_]+|\d[\d_]*(?:\.[\d_]*)?)(?:[eE][-+]?\d+)?$|^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/],
  ["timestamp", /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ].*)?$/],
];

/**
 * Whether two nodes say the same: kinds, tags and texts count; quoting, comments and indentation do not. The order of keys does, because
 * the original told templates of the same addon apart by it and refused them.
 */
export function areNodesEqual(first: unknown, second: unknown): boolean {
  if (isAlias(first) && isAlias(second)) return first.source === second.source;
  if (isScalar(first) && isScalar(second)) {
    return typeOf(first) === typeOf(second) && String(first.value) === String(second.value);
  }
  if (isMap(first) && isMap(second)) {
    if (first.items.length !== second.items.length || first.tag !== second.tag) return false;
    return first.items.every((pair, index) => {
      const other = second.items[index];
      return areNodesEqual(pair.key, other?.key) && areNodesEqual(pair.value, other?.value);
    });
  }
  if (isSeq(first) && isSeq(second)) {
    if (first.items.length !== second.items.length || first.tag !== second.tag) return false;
    return first.items.every((item, index) => areNodesEqual(item, second.items[index]));
  }
  return (first ?? null) === (second ?? null);
}

/** The tag as written, or else the type that YAML gives the scalar: a quoted `"8"` is not the number 8. */
function typeOf(node: Scalar): string {
  if (node.tag !== undefined) return node.tag;
  if (node.type !== undefined && node.type !== Scalar.PLAIN) return "text";
  const text = String(node.value);
  return PLAIN_TYPES.find(([, pattern]) => pattern.test(text))?.[0] ?? "text";
}
