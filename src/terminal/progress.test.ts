import { describe, expect, test } from "vitest";
import { createProgress, redraw } from "./progress.ts";
import { emptyTree, foldProgress, type ProgressEvent } from "./progress-tree.ts";
import { cut, formatElapsed, renderTree } from "./render-tree.ts";
import { createStyle, wantsColor } from "./style.ts";
import type { Output } from "./terminal.ts";

const step = (id: string, status: "started" | "progressed" | "succeeded" | "failed" | "skipped", more: object = {}): ProgressEvent => ({
  type: "step",
  id,
  title: `Do ${id}`,
  status,
  at: status === "started" ? "2026-01-01T00:00:00Z" : "2026-01-01T00:00:02.500Z",
  ...more,
});

const events: readonly ProgressEvent[] = [
  step("a", "started"),
  step("a/1", "started", { parent: "a", because: "image changed" }),
  step("b", "started"),
  step("a/1", "succeeded", { parent: "a" }),
  step("b", "failed", { detail: "it exited with 1" }),
];
const tree = events.reduce(foldProgress, emptyTree);
const draw = { style: createStyle(false), columns: 60, now: Date.parse("2026-01-01T00:00:10Z"), frame: 0 };

describe("the tree", () => {
  test("shows state, what, why and how long, parts below their whole", () => {
    expect(renderTree(tree, draw)).toEqual(["⠋ Do a 10.0s", "  ✔ Do a/1 (image changed) 2.5s", "✘ Do b: it exited with 1 2.5s"]);
  });

  test("keeps every line within the width", () => {
    const long = foldProgress(tree, step("c", "failed", { title: "x".repeat(80), detail: "y".repeat(200) }));
    for (const columns of [20, 40, 80])
      for (const line of renderTree(long, { ...draw, columns })) expect([...line].length).toBeLessThanOrEqual(columns);
  });

  test("folds what is done when the terminal is short, and keeps what failed", () => {
    const done = foldProgress(tree, step("a", "succeeded"));
    expect(renderTree(done, { ...draw, rows: 2 })).toEqual(["✔ Do a 2.5s", "✘ Do b: it exited with 1 2.5s"]);
  });

  test("ends the parts of what has ended", () => {
    const cancelled = [step("a", "started"), step("a/1", "started", { parent: "a" }), step("a", "failed", { detail: "cancelled" })];
    expect(renderTree(cancelled.reduce(foldProgress, emptyTree), draw)).toEqual(["✘ Do a: cancelled 2.5s", "  - Do a/1 2.5s"]);
  });

  test("takes a step of an unknown whole for one of its own", () => {
    expect(foldProgress(emptyTree, step("x", "started", { parent: "nobody" })).roots).toEqual(["x"]);
  });

  test("tells a notice once", () => {
    const notice: ProgressEvent = { type: "notice", level: "warning", message: "no X-Ray here" };
    expect([notice, notice].reduce<typeof emptyTree>(foldProgress, emptyTree).notices).toHaveLength(1);
  });

  test.each([
    [0, "0.0s"],
    [12_340, "12.3s"],
    [125_000, "2m05s"],
  ])("writes %i ms as %s", (milliseconds, text) => {
    expect(formatElapsed(milliseconds)).toBe(text);
  });

  test("cuts by characters, not bytes", () => {
    expect(cut("äöü€", 3)).toBe("äö…");
  });
});

function memory(changes: Partial<Output> = {}): { readonly output: Output; readonly text: () => string } {
  let text = "";
  const output = {
    write: (more: string) => void (text += more),
    isTerminal: false,
    columns: () => 60,
    rows: () => 20,
    color: false,
    style: createStyle(false),
    ...changes,
  };
  return { output, text: () => text };
}

describe("createProgress", () => {
  test("writes a line for each change where there is no terminal", () => {
    const { output, text } = memory();
    const progress = createProgress({ out: output, err: output, interactive: false }, { json: false, ci: false });
    events.forEach(progress.tell);
    progress.close();
    expect(text().trimEnd().split("\n")).toEqual([
      "… Do a",
      "  … Do a/1 (image changed)",
      "… Do b",
      "  ✔ Do a/1 2.5s",
      "✘ Do b: it exited with 1 2.5s",
    ]);
  });

  test("writes what a step said together, in CI only", () => {
    const build = [step("image", "started"), step("image", "progressed", { detail: "Step 1/2" }), step("image", "succeeded")];
    const [quiet, full] = [memory(), memory()];
    for (const [{ output }, ci] of [
      [quiet, false],
      [full, true],
    ] as const)
      build.forEach(createProgress({ out: output, err: output, interactive: false }, { json: false, ci }).tell);
    expect(quiet.text()).not.toContain("Step 1/2");
    expect(full.text()).toContain("✔ Do image 2.5s\n    │ Step 1/2\n");
  });

  test("writes one JSON object a line to standard output", () => {
    const [out, err] = [memory(), memory()];
    events.forEach(createProgress({ out: out.output, err: err.output, interactive: false }, { json: true, ci: false }).tell);
    expect(
      out
        .text()
        .trimEnd()
        .split("\n")
        .map((line): unknown => JSON.parse(line)),
    ).toEqual(events);
    expect(err.text()).toBe("");
  });

  test("leaves the last state and the cursor on a terminal", () => {
    const { output, text } = memory({ isTerminal: true });
    const progress = createProgress({ out: output, err: output, interactive: true }, { json: false, ci: false });
    events.forEach(progress.tell);
    progress.close();
    expect(text()).toContain("✔ Do a/1 (image changed) 2.5s");
    expect(text().endsWith("\u001B[?25h")).toBe(true);
  });
});

describe("redraw", () => {
  test("goes up over as many rows as stand there, wrapped ones counted", () => {
    expect(redraw([], ["one"], 20)).not.toContain("A\r");
    expect(redraw(["x".repeat(50), "y"], ["one"], 20)).toContain("\u001B[4A\r");
  });

  test("writes nothing between clearing a line and filling it", () => {
    expect(redraw(["one"], ["two"], 20)).toContain("two\u001B[K\n");
  });
});

describe("wantsColor", () => {
  test.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: "1" }, true, false],
    [{ TERM: "dumb" }, true, false],
    [{ COLOR: "true", NO_COLOR: "1" }, false, true],
    [{ COLOR: "False" }, true, false],
  ])("%j on a terminal (%j): %j", (variables, isTerminal, wanted) => {
    expect(wantsColor(variables, isTerminal)).toBe(wanted);
  });
});
