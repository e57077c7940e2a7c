import { isScalar, parseDocument } from "yaml";
import { readIntrinsic } from "./intrinsics.ts";
import type { Lookup, Text } from "./intrinsics.ts";
import type { Json } from "./json.ts";
import { templateReading, toPlainData } from "./read.ts";

/** What may mean something else in YAML than the text itself. */
const suspicious = /^[\s!&*[{"'|>%@`]|: | #|[:\s]$/;

/**
 * A manifest's text as templates have it that were text themselves: some people write an intrinsic function there, such as
 * `Fn::ImportValue: shared-group`, and it works; quotes around the text and comments behind it have their YAML meaning too.
 * A text that would be anything else in YAML stays what it is.
 */
export function asWritten(text: string): Text {
  if (!suspicious.test(text) || text.includes("\n")) return text;
  const document = parseDocument(text, templateReading);
  if (document.errors.length > 0) return text;
  const value = toPlainData(document.contents, document);
  if (isLookup(value)) return value;
  return isScalar(document.contents) && typeof value === "string" ? value : text;
}

const isLookup = (value: Json): value is Lookup => readIntrinsic(value) !== undefined;
