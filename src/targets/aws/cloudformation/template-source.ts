import { Document, isNode, isScalar, LineCounter, parseDocument, Scalar, type Node as YamlNode } from "yaml";
import type { Checked, SourceRange } from "../../../model/diagnostic.ts";
import { indentQuotedLines } from "../../../model/indent-quoted-lines.ts";
import type { Json } from "./json.ts";
import { templateReading, toPlainData } from "./read.ts";

/**
 * A CloudFormation template as somebody wrote it: its nodes keep their tags, styles and comments, and every scalar stays the text in the
 * file (`0755`, `2012-10-17` and `yes` are not read as something else), so what is not touched prints as it was.
 */
export interface TemplateSource {
  /** As shown to people, relative to the workspace. */
  readonly file: string;
  readonly text: string;
  readonly document: Document;
  readonly root: YamlNode | null;
  readonly lines: LineCounter;
}

/** Texts keep what the file says; data reads numbers, booleans and nulls as such. */
const READINGS = { texts: { schema: "failsafe", logLevel: "silent" }, data: templateReading } as const;
const WRITING = { lineWidth: 0, flowCollectionPadding: false } as const;

/** Reads YAML or JSON. All syntax errors are reported at once. Keys that stand twice in a map are let through, as the original did. */
export function readTemplateSource(file: string, written: string, reading: keyof typeof READINGS = "texts"): Checked<TemplateSource> {
  // Editors of Windows begin a file with a mark of its byte order, which the YAML library takes for an indentation of lists.
  const text = written.replace(/^\uFEFF/, "");
  const lines = new LineCounter();
  const document = parseDocument(text, { ...READINGS[reading], uniqueKeys: false, lineCounter: lines });
  if (document.errors.length > 0) {
    const indented = indentQuotedLines(text);
    if (indented !== text) return readTemplateSource(file, indented, reading);
    const diagnostics = document.errors.map((error) => ({
      severity: "error" as const,
      code: "yaml-syntax",
      message: error.message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? "invalid YAML",
      at: rangeAt({ file, text, lines }, error.pos[0], error.pos[1]),
    }));
    return { ok: false, diagnostics };
  }
  return { ok: true, value: { file, text, document, root: document.contents, lines }, warnings: [] };
}

/** Prints a tree of nodes as YAML text, two spaces a level. */
export function printNodes(root: YamlNode): string {
  const document = new Document(undefined, { schema: "failsafe", logLevel: "silent" });
  document.contents = root;
  return document.toString(WRITING);
}

/** Where a node starts; a node that goes over several lines is marked on its first one. */
export function rangeOf(document: TemplateSource, node: unknown): SourceRange {
  const range = isNode(node) ? node.range : undefined;
  return rangeAt(document, range?.[0] ?? 0, range?.[1] ?? 0);
}

/** `file:line:column`, for a second place inside a message. */
export function placeOf(document: TemplateSource, node: unknown): string {
  const { file, line, column } = rangeOf(document, node);
  return `${file}:${line}:${column}`;
}

function rangeAt(document: Pick<TemplateSource, "file" | "text" | "lines">, start: number, end: number): SourceRange {
  const { line, col } = document.lines.linePos(start);
  const text = document.text.split("\n", line)[line - 1]?.replace(/\r$/, "") ?? "";
  const length = Math.max(1, Math.min(end - start, text.length - col + 1));
  return { file: document.file, line: Math.max(1, line), column: Math.max(1, col), length, text };
}

/** The text of a scalar, whatever its style; `undefined` for lists and maps. */
export function scalarText(node: unknown): string | undefined {
  return isScalar(node) ? String(node.value) : undefined;
}

/** The plain data of a node, with intrinsic functions in their long form. */
export function plainDataOf(source: TemplateSource, node: unknown): Json {
  return toPlainData(node, source.document);
}

/** Whether a section or file says nothing: absent, blank, `~` or `null`. */
export function isEmptyNode(node: unknown): boolean {
  if (node === null || node === undefined) return true;
  if (!isScalar(node)) return false;
  const { value, type } = node;
  return value === null || (type === Scalar.PLAIN && typeof value === "string" && /^(?:~|null)?$/.test(value));
}
