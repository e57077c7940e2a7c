import { request } from "node:http";
import { text } from "node:stream/consumers";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiRefusal, createApiGate } from "./api-gate.ts";

test.each([
  ["GET", "/v1/info", true],
  ["GET", "/v1/applications", true],
  ["GET", "/v1/applications/shop", true],
  ["POST", "/v1/applications/shop/environments/test/workloads/web/deployments", true],
  ["GET", "/v1/applications/shop/pipelines/main", true],
  ["POST", "/v1/images/present", true],
  ["PUT", "/v1/artifacts/abc", true],
  ["GET", "/v1/applications/other", false],
  ["GET", "/v1/applications/shopping", false],
  ["POST", "/v1/applications/shop/pipelines/main/executions/1/approval", false],
  ["PUT", "/v1/applications/shop/pipelines/main", false],
  ["DELETE", "/v1/applications/shop", false],
  ["DELETE", "/v1/applications/shop/environments/test", false],
  ["PUT", "/v1/applications/new", false],
])("a build of shop: %s %s is allowed: %s", (method, path, allowed) => {
  expect(apiRefusal(method, path, "shop") === undefined).toBe(allowed);
});

let port = 0;
const seen: { readonly authorization: string | null; readonly body: string }[] = [];
const gate = createApiGate({
  application: "shop",
  token: "secret",
  async fetch(incoming) {
    seen.push({ authorization: incoming.headers.get("authorization"), body: await incoming.text() });
    return Response.json([{ name: "shop" }, { name: "other" }]);
  },
});
beforeAll(async () => {
  await new Promise<void>((resolve) => gate.listen(0, "127.0.0.1", resolve));
  port = (gate.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => gate.close(resolve)));

function call(method: string, path: string, body?: string): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, host: "127.0.0.1", method, path, agent: false }, (answer) => {
      text(answer).then((content) => resolve({ status: answer.statusCode ?? 0, body: content }), reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

test("the token is added on the way, and other applications are not listed", async () => {
  expect(await call("GET", "/v1/applications")).toEqual({ status: 200, body: '[{"name":"shop"}]' });
  expect(seen.at(-1)?.authorization).toBe("Bearer secret");
});

test("bodies go through; a refused call goes nowhere", async () => {
  await call("POST", "/v1/images/present", '["a"]');
  expect(seen.at(-1)?.body).toBe('["a"]');
  const before = seen.length;
  expect(await call("GET", "/v1/applications/other")).toMatchObject({ status: 403, body: expect.stringContaining("build-refused") });
  expect(seen.length).toBe(before);
});
