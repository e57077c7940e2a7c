import type { HttpRuleDocument } from "../../src/targets/docker/stack-document.ts";

/** A rule of a stack document by which every request below a path goes to port 8080. */
export const sampleRuleDocument = (path: string, changes: Partial<HttpRuleDocument> = {}): HttpRuleDocument => ({
  hosts: [],
  path,
  targetPort: 8080,
  version: "http1",
  healthCheck: {
    path: "/",
    port: 8080,
    successCodes: "200",
    healthyThreshold: 2,
    unhealthyThreshold: 2,
    interval: 5,
    timeout: 2,
    https: false,
  },
  stickiness: false,
  deregistrationDelay: 5,
  allowedSourceIps: [],
  redirectToHttps: false,
  ...changes,
});
