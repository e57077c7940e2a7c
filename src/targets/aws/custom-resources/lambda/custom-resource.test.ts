import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import { FastClock, invoke, toEvent, waitOnlyForDeadline, type Invocation } from "../../../../../test/fakes/custom-resources/invocation.ts";
import { putText } from "./answer.ts";
import { toHandler, type CustomResource } from "./custom-resource.ts";

const CREATE: Invocation = { type: "Create", properties: { Name: "x" } };

const thing = (changes: Partial<CustomResource> = {}): CustomResource => ({
  deadlineMinutes: 14.5,
  physicalResourceId: (event) => event.PhysicalResourceId ?? "thing",
  create: () => Promise.resolve({ data: { Arn: "arn" } }),
  update: () => Promise.resolve(undefined),
  delete: () => Promise.resolve(),
  ...changes,
});

describe("toHandler", () => {
  it("answers with the data and the ids of the request", async () => {
    expect(await invoke(thing(), CREATE)).toEqual({
      Status: "SUCCESS",
      PhysicalResourceId: "thing",
      StackId: "arn:aws:cloudformation:us-west-2:123456789012:stack/demo-test-api/1",
      RequestId: "request-1",
      LogicalResourceId: "TheAction",
      Data: { Arn: "arn" },
    });
  });

  it("keeps the physical id of a live resource", async () => {
    expect(await invoke(thing(), { ...CREATE, type: "Update", physicalResourceId: "old/id" })).toMatchObject({
      PhysicalResourceId: "old/id",
    });
    expect(await invoke(thing(), { ...CREATE, type: "Delete", physicalResourceId: "old/id" })).toMatchObject({
      PhysicalResourceId: "old/id",
    });
  });

  it("answers a failure with its message and the log to read", async () => {
    const answer = await invoke(thing({ create: () => Promise.reject(new Error("no such zone")) }), CREATE);
    expect(answer).toMatchObject({
      Status: "FAILED",
      Reason: "no such zone (Log: /aws/lambda/function/stream)",
      PhysicalResourceId: "thing",
    });
  });

  it("names what was made before a failure, so that it can be deleted", async () => {
    const resource = thing({
      create: async ({ nameResource }) => {
        nameResource("arn:made");
        throw new Error("not validated");
      },
    });
    expect(await invoke(resource, CREATE)).toMatchObject({ Status: "FAILED", PhysicalResourceId: "arn:made" });
  });

  it("cuts a reason that would make the answer too long", async () => {
    const answer = await invoke(thing({ create: () => Promise.reject(new Error("ü".repeat(9000))) }), CREATE);
    expect(answer).toMatchObject({ Status: "FAILED", Reason: expect.stringMatching(/^ü{800,}… \(Log: .*\)$/) });
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(4096);
  });

  it("tells that data is too long instead of sending what CloudFormation refuses", async () => {
    const answer = await invoke(thing({ create: () => Promise.resolve({ data: { Names: "n".repeat(4096) } }) }), CREATE);
    expect(answer).toMatchObject({ Status: "FAILED", Reason: expect.stringMatching(/^The answer has 4\d{3} bytes/) });
  });

  it("answers a failure when the deadline comes first", async () => {
    const answer = await invoke(thing({ create: () => new Promise(() => undefined) }), CREATE, { wait: waitOnlyForDeadline });
    expect(answer).toMatchObject({ Status: "FAILED", Reason: expect.stringContaining("longer than 14.5 minutes") });
  });

  it("refuses requests of another kind", async () => {
    const answers: string[] = [];
    const put = (_: string, body: string): Promise<number> => {
      answers.push(body);
      return Promise.resolve(200);
    };
    const handler = toHandler(thing(), { put, wait: new FastClock().wait, log: () => undefined });
    await handler({ ...toEvent(CREATE), RequestType: "Read" }, { logGroupName: "", logStreamName: "" });
    expect(answers[0]).toContain("Unsupported request type Read");
  });

  it("sends the answer again when it does not get through", async () => {
    const clock = new FastClock();
    const answer = await invoke(thing(), CREATE, { responses: [503, new Error("reset"), 200], wait: clock.wait });
    expect(answer.Status).toBe("SUCCESS");
    expect(clock.waits).toHaveLength(2);
  });

  it("gives up after five attempts, so that Lambda tries the whole again", async () => {
    await expect(invoke(thing(), CREATE, { responses: [500, 500, 500, 500, 500] })).rejects.toThrow("Error 500");
  });
});

describe("putText", () => {
  it("puts the body with an empty content type and its length in bytes", async () => {
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { method, url, headers } = request;
        seen.push({
          method,
          url,
          type: headers["content-type"],
          length: headers["content-length"],
          body: Buffer.concat(chunks).toString(),
        });
        response.writeHead(200).end("ok");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const status = await putText(`http://127.0.0.1:${address.port}/answer?signature=1`, "größer");
    await new Promise((resolve) => server.close(resolve));
    expect(status).toBe(200);
    expect(seen).toEqual([{ method: "PUT", url: "/answer?signature=1", type: "", length: "8", body: "größer" }]);
  });
});
