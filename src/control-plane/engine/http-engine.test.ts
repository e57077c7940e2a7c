import { createServer, type ServerResponse } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Engine } from "./engine.ts";
import { connectEngine } from "./http-engine.ts";

/** An engine that gives these answers, one to each call in turn, and the calls that came. */
async function engineAnswering(...answers: readonly (readonly [status: number, message: string])[]) {
  const folder = mkdtempSync(join(tmpdir(), "engine-"));
  const calls: string[] = [];
  const server = createServer((request, response: ServerResponse) => {
    const [status, message] = answers[calls.length] ?? [500, "there is no answer left"];
    calls.push(`${request.method} ${request.url}`);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ message }));
  });
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  const socket = join(folder, "engine.sock");
  await new Promise<void>((resolve) => {
    server.listen(socket, resolve);
  });
  const engine: Engine = connectEngine(socket);
  return { engine, calls };
}

test("an image that another removal took away in between is removed", async () => {
  const { engine, calls } = await engineAnswering([500, "unrecognized image ID sha256:abc"], [404, "No such image: shop/web:1"]);
  await engine.removeImage("shop/web:1");
  expect(calls).toHaveLength(2);
});

test("any other failure to remove an image is told", async () => {
  const { engine, calls } = await engineAnswering([500, "the disk is full"]);
  await expect(engine.removeImage("shop/web:1")).rejects.toThrow("the disk is full");
  expect(calls).toHaveLength(1);
});
