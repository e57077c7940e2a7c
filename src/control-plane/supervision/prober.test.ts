import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { isSuccess, probeHttp, probeTcp } from "./probe.ts";
import { nextStatus, type TaskCheck } from "./prober.ts";
import { freshPace, paceAfter } from "./replacement-pace.ts";

const check: TaskCheck = { kind: "tcp", port: 1, interval: 10, timeout: 1, unhealthyThreshold: 2, gracePeriod: 30 };
const refusal = "no";

test("the first success counts, and failures only after the grace period", () => {
  expect(nextStatus({ kind: "pending" }, { refusal: undefined, failures: 0, seconds: 0.1, check })).toEqual({ kind: "passing" });
  expect(nextStatus({ kind: "pending" }, { refusal, failures: 300, seconds: 49, check })).toEqual({ kind: "pending" });
  expect(nextStatus({ kind: "pending" }, { refusal, failures: 301, seconds: 50, check })).toMatchObject({ kind: "failing" });
});

test("a task that was well fails with as many failures as the threshold says, and recovers with one success", () => {
  expect(nextStatus({ kind: "passing" }, { refusal, failures: 1, seconds: 100, check })).toEqual({ kind: "passing" });
  expect(nextStatus({ kind: "passing" }, { refusal, failures: 2, seconds: 100, check })).toMatchObject({
    kind: "failing",
    stop: { reason: "its health check fails: no" },
  });
  expect(nextStatus({ kind: "failing", stop: { reason: "x" } }, { refusal: undefined, failures: 0, seconds: 200, check })).toEqual({
    kind: "passing",
  });
});

test.each([
  ["200", 200, true],
  ["200", 404, false],
  ["200-299,404", 404, true],
  ["200-299, 404", 250, true],
  ["12", 12, true],
])("codes %s with %i: %s", (codes, code, is) => {
  expect(isSuccess(codes, code)).toBe(is);
});

test("a server is asked at its port, and what it answers wrongly is told", async () => {
  const server = createServer((request, answer) => answer.writeHead(request.url === "/well" ? 204 : 500).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const probe = { port, successCodes: "200-299", https: false, version: "http1" } as const;
  expect(await probeHttp("127.0.0.1", { ...probe, path: "/well" }, 1)).toBeUndefined();
  expect(await probeHttp("127.0.0.1", { ...probe, path: "/" }, 1)).toContain("answered 500, expected 200-299");
  expect(await probeTcp("127.0.0.1", port, 1)).toBeUndefined();
  await new Promise((resolve) => server.close(resolve));
  expect(await probeHttp("127.0.0.1", { ...probe, path: "/well" }, 1)).toContain("ECONNREFUSED");
  expect(await probeTcp("127.0.0.1", port, 1)).toContain("ECONNREFUSED");
});

test("tasks that keep ending are replaced ever more slowly, up to five minutes, and at once again after a good one", () => {
  let pace = freshPace;
  const delays = Array.from({ length: 12 }, () => {
    pace = paceAfter(pace, { ranFor: 10, now: 0 });
    return pace.from / 1000;
  });
  expect(delays.slice(0, 5)).toEqual([0, 1, 2, 4, 8]);
  expect(delays.at(-1)).toBe(300);
  expect(paceAfter(pace, { ranFor: 60_000, now: 5 })).toEqual({ failures: 0, from: 5 });
});
