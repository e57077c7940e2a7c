import { describe, expect, test } from "vitest";
import { Problem } from "../../../model/problem.ts";
import { calling, toProblem } from "./to-problem.ts";

const failure = (name: string, message: string, more: object = {}) => Object.assign(new Error(message), { name }, more);

describe("what goes wrong with AWS", () => {
  test.each([
    [failure("CredentialsProviderError", "Could not load credentials from any providers"), "aws-credentials-missing"],
    [failure("Error", "Region is missing"), "aws-region-missing"],
    [failure("ExpiredTokenException", "expired", { $metadata: {} }), "aws-credentials-expired"],
    [failure("InvalidClientTokenId", "invalid", { $metadata: {} }), "aws-credentials-invalid"],
    [failure("AccessDenied", "not authorized", { $metadata: {} }), "aws-access-denied"],
    [failure("Error", "connect", { code: "ECONNREFUSED" }), "aws-unreachable"],
    [failure("TimeoutError", "Socket timed out", { $metadata: {} }), "aws-unreachable"],
    [failure("Error", 'Region not accepted: region="us west" is not a valid hostname component.'), "aws-region-invalid"],
    [failure("TypeError", "Invalid URL", { code: "ERR_INVALID_URL" }), "aws-endpoint-invalid"],
    [failure("Throttling", "Rate exceeded", { $metadata: {} }), "aws-call-failed"],
  ])("%s is told with a hint", (error, code) => {
    const problem = toProblem(error, "read the parameter x");
    expect(problem).toMatchObject({ code, cause: error, hint: expect.any(String) });
    expect(problem).toHaveProperty("message", expect.stringMatching(/^read the parameter x: /));
  });

  test("an answer that is no answer of AWS's is told as such", () => {
    const error = Object.assign(new SyntaxError("Unexpected token '<'"), { $metadata: {} });
    expect(toProblem(error, "call")).toMatchObject({ code: "aws-unreachable", message: expect.stringContaining("not AWS") });
  });

  test("an answer is told with the id of its request", () => {
    const error = failure("InternalFailure", "We made a mistake", { $metadata: { requestId: "1234" } });
    expect(toProblem(error, "call")).toHaveProperty("hint", "try again; if it stays, ask AWS about the request 1234");
  });

  test("a defect stays a defect, and a Problem what it is", async () => {
    const defect = new TypeError("x is not a function");
    expect(toProblem(defect, "call")).toBe(defect);
    const problem = new Problem("a", "b: c");
    await expect(calling("call", () => Promise.reject(problem))).rejects.toBe(problem);
  });
});
