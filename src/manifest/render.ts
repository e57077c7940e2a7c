import type { Diagnostic } from "../model/diagnostic.ts";

/** How complaints are shown. */
export interface RenderOptions {
  readonly color: boolean;
}

/** Tabs are shown this wide, so that a caret stands under what it means. */
const tabWidth = 4;

const codes = { red: "31", yellow: "33", blue: "94", bold: "1" } as const;

type Paint = (code: keyof typeof codes, text: string) => string;

const paintWith =
  (color: boolean): Paint =>
  (code, text) =>
    color && text !== "" ? `\u001B[${codes[code]}m${text}\u001B[0m` : text;

/** Complaints for people: each with its place, the line with a caret below, and the likely fix; then how many there are. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], { color }: RenderOptions): string {
  const paint = paintWith(color);
  const blocks = diagnostics.map((diagnostic) => renderOne(diagnostic, paint));
  const summary = countDiagnostics(diagnostics);
  return [...blocks, ...(summary === "" ? [] : [paint("bold", summary)])].join("\n\n");
}

/** `3 errors, 1 warning`; nothing where there is nothing. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Diagnostic["severity"]): string => {
    const number = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return number === 0 ? "" : `${number} ${severity}${number === 1 ? "" : "s"}`;
  };
  return [count("error"), count("warning")].filter((part) => part !== "").join(", ");
}

function renderOne({ severity, code, message, at, hint }: Diagnostic, paint: Paint): string {
  const tint = severity === "error" ? "red" : "yellow";
  const head = `${paint(tint, severity)}${paint(tint, `[${code}]`)}: ${paint("bold", message)}`;
  if (at === undefined) return hint === undefined ? head : `${head}\n  ${paint("blue", "=")} ${hint}`;
  const gutter = " ".repeat(String(at.line).length);
  const before = displayWidth(at.text.slice(0, at.column - 1));
  const width = Math.max(1, displayWidth(at.text.slice(at.column - 1, at.column - 1 + at.length)));
  const bar = paint("blue", "│");
  return [
    head,
    `${gutter}${paint("blue", "──▶")} ${at.file}:${at.line}:${at.column}`,
    `${gutter} ${bar}`,
    `${paint("blue", String(at.line))} ${bar} ${expandTabs(at.text)}`.trimEnd(),
    `${gutter} ${bar} ${" ".repeat(before)}${paint(tint, "^".repeat(width))}`,
    ...(hint === undefined ? [] : [`${gutter} ${paint("blue", "=")} ${hint}`]),
  ].join("\n");
}

const expandTabs = (text: string): string => text.replaceAll("\t", " ".repeat(tabWidth));

/** Columns that `text` takes on a terminal: East Asian wide characters and emoji take two, marks none. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (character === "\t") width += tabWidth;
    else if (/\p{Mn}|\p{Cf}/u.test(character)) width += 0;
    else
      width +=
        /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Extended_Pictographic}/u.test(
          character,
        )
          ? 2
          : 1;
  }
  return width;
}

/** The code hosts that show annotations beside a change. */
export type AnnotationHost = "github" | "azure";

/** The code host whose pipeline this is, as it tells by its variables. */
export function annotationHost(variables: Readonly<Record<string, string | undefined>>): AnnotationHost | undefined {
  if (variables["GITHUB_ACTIONS"] === "true") return "github";
  return variables["TF_BUILD"] === "True" ? "azure" : undefined;
}

/** Complaints as a code host reads them from a log, a line each. */
export function renderAnnotations(diagnostics: readonly Diagnostic[], host: AnnotationHost): string {
  return diagnostics.map((diagnostic) => (host === "github" ? githubLine(diagnostic) : azureLine(diagnostic))).join("\n");
}

const full = ({ message, hint }: Diagnostic): string => (hint === undefined ? message : `${message} ${hint}`);

const escapeData = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const escapeProperty = (text: string): string => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

function githubLine(diagnostic: Diagnostic): string {
  const { severity, code, at } = diagnostic;
  const end = at === undefined ? 0 : at.column + at.length;
  const place = at === undefined ? "" : `file=${escapeProperty(at.file)},line=${at.line},col=${at.column},endColumn=${end},`;
  return `::${severity} ${place}title=${escapeProperty(code)}::${escapeData(full(diagnostic))}`;
}

const escapeAzure = (text: string): string =>
  text.replaceAll("%", "%AZP25").replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll("]", "%5D").replaceAll(";", "%3B");

function azureLine(diagnostic: Diagnostic): string {
  const { severity, code, at } = diagnostic;
  const place = at === undefined ? "" : `sourcepath=${escapeAzure(at.file)};linenumber=${at.line};columnnumber=${at.column};`;
  return `##vso[task.logissue type=${severity};${place}code=${escapeAzure(code)}]${full(diagnostic).replaceAll("\n", " ")}`;
}
