import fc from "fast-check";
import { expect, test } from "vitest";
import { addTests, noTests, readJunit } from "./junit.ts";

test("cases are counted, and failures told with their first line", () => {
  const xml = `<?xml version="1.0"?>
<testsuites><testsuite name="api">
  <testcase classname="orders" name="lists" time="0.1"/>
  <testcase classname="orders" name="adds"><failure message="expected 1 &lt; 0&#10;at line 3">stack <![CDATA[<testcase name="no"/>]]></failure></testcase>
  <testcase name='breaks'><error>boom</error></testcase>
  <testcase name="later"><skipped/></testcase>
</testsuite></testsuites>`;
  expect(readJunit(xml)).toEqual({ passed: 1, failed: 2, skipped: 1, failures: ["orders adds: expected 1 < 0", "breaks"] });
});

test("a file without a test suite is none", () => {
  expect(readJunit("<html></html>")).toBeUndefined();
  expect(readJunit('{"tests": 1}')).toBeUndefined();
});

test("any text is read without a fault", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { passed, failed, failures } = readJunit(`<testsuite>${text}`) ?? noTests;
      expect(passed).toBeGreaterThanOrEqual(0);
      expect(failed).toBeGreaterThanOrEqual(failures.length);
    }),
  );
});

test("summaries add up", () => {
  expect(addTests(noTests, { passed: 1, failed: 1, skipped: 0, failures: ["a"] })).toEqual({
    passed: 1,
    failed: 1,
    skipped: 0,
    failures: ["a"],
  });
});
