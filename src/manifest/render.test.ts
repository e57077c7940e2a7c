import { describe, expect, test } from "vitest";

import type { Diagnostic } from "../model/diagnostic.ts";
import { annotationHost, countDiagnostics, renderAnnotations, renderDiagnostics } from "./render.ts";

const at = { file: "copilot/api/manifest.yml", line: 9, column: 7, length: 3, text: "cpu:  abc" };
const error: Diagnostic = { severity: "error", code: "wrong-type", message: "Expected a number.", at, hint: "Write 256." };

describe("complaints for people", () => {
  test("show the line with a caret, and the fix", () => {
    expect(renderDiagnostics([error], { color: false })).toBe(`error[wrong-type]: Expected a number.
 ──▶ copilot/api/manifest.yml:9:7
  │
9 │ cpu:  abc
  │       ^^^
  = Write 256.

1 error`);
  });

  test("put the caret under wide characters and tabs", () => {
    const wide = { ...error, at: { ...at, text: "\t名: 漢字", column: 5, length: 2 } };
    expect(renderDiagnostics([wide], { color: false }).split("\n").slice(3, 5)).toEqual(["9 │     名: 漢字", `  │ ${" ".repeat(8)}^^^^`]);
  });

  test("without a place are a sentence", () => {
    expect(renderDiagnostics([{ severity: "warning", code: "doubtful", message: "Hm." }], { color: false })).toBe(
      "warning[doubtful]: Hm.\n\n1 warning",
    );
  });

  test("are coloured only where that is wanted", () => {
    expect(renderDiagnostics([error], { color: true })).toContain("\u001B[31m");
    expect(renderDiagnostics([error], { color: false })).not.toContain("\u001B");
  });

  test("are counted", () => {
    expect(countDiagnostics([])).toBe("");
    expect(countDiagnostics([error, error, { ...error, severity: "warning" }])).toBe("2 errors, 1 warning");
  });
});

describe("annotations", () => {
  test("of GitHub", () => {
    expect(renderAnnotations([{ ...error, message: "100% : a,\nb" }], "github")).toBe(
      "::error file=copilot/api/manifest.yml,line=9,col=7,endColumn=10,title=wrong-type::100%25 : a,%0Ab Write 256.",
    );
  });

  test("of Azure", () => {
    expect(renderAnnotations([error], "azure")).toBe(
      "##vso[task.logissue type=error;sourcepath=copilot/api/manifest.yml;linenumber=9;columnnumber=7;code=wrong-type]Expected a number. Write 256.",
    );
  });

  test("are for the host whose pipeline it is", () => {
    expect(annotationHost({ GITHUB_ACTIONS: "true" })).toBe("github");
    expect(annotationHost({ TF_BUILD: "True" })).toBe("azure");
    expect(annotationHost({})).toBeUndefined();
  });
});
