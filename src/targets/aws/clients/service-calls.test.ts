import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AwsConnection } from "./connection.ts";
import { AnswerError, fieldOf, membersOf, openJsonService, openQueryService, textOf } from "./service-calls.ts";

interface Seen {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

const connection: AwsConnection = {
  region: "eu-west-1",
  credentials: () => Promise.resolve({ accessKeyId: "AKIATEST", secretAccessKey: "secret", sessionToken: "token" }),
  userAgent: [["aws-copilot", "1.2.3"]],
  pathStyle: true,
};

let answers: Answer[] = [];
const seen: Seen[] = [];
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    seen.push({ headers: request.headers, body: Buffer.concat(parts).toString("utf8") });
    const { status, body } = answers.shift() ?? { status: 500, body: "nothing more to say" };
    response.writeHead(status, { "x-amzn-requestid": "id-1" }).end(body);
  });
});

beforeEach(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${port}`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  answers = [];
  seen.length = 0;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const json = (input: object = {}) => openJsonService("ssm", connection)("AmazonSSM.GetParameter", input);
const query = (input: Readonly<Record<string, string>> = {}) => openQueryService("sts", "2011-06-15", connection)("AssumeRole", input);

describe("calls of services", () => {
  it("are signed for the service and the region, with the token, and say who asks", async () => {
    answers = [{ status: 200, body: '{"Parameter":{"Value":"ü"}}' }];
    expect(await json({ Name: "/copilot/ü" })).toEqual({ Parameter: { Value: "ü" } });
    const [{ headers, body } = { headers: {}, body: "" }] = seen;
    expect(headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIATEST\/\d{8}\/eu-west-1\/ssm\/aws4_request, SignedHeaders=.*host.*, Sig/,
    );
    expect(headers["x-amz-security-token"]).toBe("token");
    expect(headers["x-amz-target"]).toBe("AmazonSSM.GetParameter");
    expect(headers["user-agent"]).toBe("aws-copilot/1.2.3");
    expect(JSON.parse(body)).toEqual({ Name: "/copilot/ü" });
  });

  it("send forms, and read what is inside the result", async () => {
    answers = [{ status: 200, body: "<AssumeRoleResponse><AssumeRoleResult><A>1 &amp; 2</A></AssumeRoleResult></AssumeRoleResponse>" }];
    expect(await query({ RoleArn: "arn:aws:iam::1:role/a b" })).toEqual({ A: "1 & 2" });
    expect(Object.fromEntries(new URLSearchParams(seen[0]?.body))).toEqual({
      Action: "AssumeRole",
      Version: "2011-06-15",
      RoleArn: "arn:aws:iam::1:role/a b",
    });
  });

  it.each([
    { status: 503, body: "busy" },
    { status: 429, body: "" },
    { status: 400, body: '{"__type":"com.amazonaws.ssm#ThrottlingException","message":"Rate exceeded"}' },
  ])("are tried again after $status $body", async (first) => {
    answers = [first, { status: 200, body: "{}" }];
    expect(await json()).toEqual({});
    expect(seen).toHaveLength(2);
  });

  it("end after five tries, with the last answer", async () => {
    answers = Array.from({ length: 9 }, () => ({ status: 500, body: '{"__type":"InternalServerError","message":"no"}' }));
    await expect(json()).rejects.toMatchObject({
      name: "InternalServerError",
      message: "no",
      $metadata: { httpStatusCode: 500, requestId: "id-1" },
    });
    expect(seen).toHaveLength(5);
  });

  it.each([
    { call: json, body: '{"__type":"com.amazonaws.ssm#ParameterNotFound"}', name: "ParameterNotFound", message: "" },
    { call: json, body: '{"__type":"AccessDeniedException:http://x/","Message":"no"}', name: "AccessDeniedException", message: "no" },
    { call: json, body: "<html>a proxy</html>", name: "HTTP 400", message: "<html>a proxy</html>" },
    {
      call: query,
      body: "<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>gone</Message></Error></ErrorResponse>",
      name: "ValidationError",
      message: "gone",
    },
    { call: query, body: "not found", name: "HTTP 400", message: "not found" },
  ])("are not tried again after $body", async ({ call, body, name, message }) => {
    answers = [{ status: 400, body }];
    const error: unknown = await call().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AnswerError);
    expect(error).toMatchObject({ name, message });
    expect(seen).toHaveLength(1);
  });

  it("end with the signal, also between two tries", async () => {
    const ending = new AbortController();
    answers = [{ status: 503, body: "" }];
    const call = openJsonService("ssm", { ...connection, signal: ending.signal })("AmazonSSM.GetParameter", {});
    server.once("request", (_request, response) => response.once("finish", () => ending.abort()));
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
  });

  it.each([json, query])("tell when what answers is not the service", async (call) => {
    answers = [{ status: 200, body: "<html>sign in to the network</html>" }];
    await expect(call()).rejects.toMatchObject({ name: "UnreadableAnswer" });
  });
});

describe("answers", () => {
  it("have fields, texts and lists, of JSON and of XML", () => {
    const answer = { One: { member: { Name: "a" } }, Many: { member: [1, "b"] }, Json: ["c"], None: "", Flag: true };
    expect(membersOf(answer, "One")).toEqual([{ Name: "a" }]);
    expect(membersOf(answer, "Many")).toEqual([1, "b"]);
    expect(membersOf(answer, "Json")).toEqual(["c"]);
    expect(membersOf(answer, "None")).toEqual([]);
    expect(membersOf(answer, "Missing")).toEqual([]);
    expect([textOf(answer, "Flag"), textOf(answer, "One"), textOf(undefined, "x"), fieldOf("text", "length")]).toEqual([
      "true",
      "",
      "",
      undefined,
    ]);
  });
});
