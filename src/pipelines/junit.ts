/** What a set of tests came to. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Name and first line of each failure. */
  readonly failures: readonly string[];
}

/** No tests at all. */
export const noTests: TestSummary = { passed: 0, failed: 0, skipped: 0, failures: [] };

/** Two summaries as one. */
export const addTests = (a: TestSummary, b: TestSummary): TestSummary => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
  failures: [...a.failures, ...b.failures],
});

const tag =
  /<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|<(?<end>\/)?(?<name>[A-Za-z_][\w.-]*)(?<attributes>(?:"[^"]*"|'[^']*'|[^>"'])*?)(?<empty>\/)?>/g;

/** Reads a report in JUnit's XML; `undefined` when the text has no test suite. Unknown elements are passed over. */
export function readJunit(xml: string): TestSummary | undefined {
  let [passed, failed, skipped] = [0, 0, 0];
  const failures: string[] = [];
  let current: { name: string; failure?: string; skipped: boolean } | undefined;
  let hasSuite = false;

  function finish(): void {
    if (current === undefined) return;
    if (current.failure !== undefined) {
      failed += 1;
      failures.push(current.failure === "" ? current.name : `${current.name}: ${current.failure}`);
    } else if (current.skipped) skipped += 1;
    else passed += 1;
    current = undefined;
  }

  for (const match of xml.matchAll(tag)) {
    const { end, name, attributes = "", empty } = match.groups ?? {};
    if (name === undefined) continue;
    if (name === "testsuite" || name === "testsuites") hasSuite = true;
    else if (name === "testcase" && end !== undefined) finish();
    else if (name === "testcase") {
      current = {
        name: [attribute(attributes, "classname"), attribute(attributes, "name")].filter((part) => part !== "").join(" "),
        skipped: false,
      };
      if (empty !== undefined) finish();
    } else if ((name === "failure" || name === "error") && end === undefined && current !== undefined) {
      current.failure = firstLine(attribute(attributes, "message"));
    } else if (name === "skipped" && current !== undefined) current.skipped = true;
  }
  return hasSuite ? { passed, failed, skipped, failures } : undefined;
}

function attribute(attributes: string, name: string): string {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)')`).exec(attributes);
  return decode(match?.groups?.["double"] ?? match?.groups?.["single"] ?? "");
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const decode = (text: string): string =>
  text.replaceAll(
    /&(?:#x(?<hex>[0-9a-fA-F]+)|#(?<decimal>[0-9]+)|(?<name>\w+));/g,
    (whole: string, hex?: string, decimal?: string, name?: string) => {
      const code = hex === undefined ? Number(decimal ?? Number.NaN) : Number.parseInt(hex, 16);
      if (Number.isInteger(code) && code <= 0x10ffff) return String.fromCodePoint(code);
      return entities[name ?? ""] ?? whole;
    },
  );

const firstLine = (text: string): string => text.trim().split("\n")[0]?.trim() ?? "";
