import { expect, test } from "vitest";
import { loadEnvironment } from "./load.ts";

const load = (http: string) => {
  const text = `name: test\ntype: Environment\nhttp:\n  public:\n    ${http}\n`;
  const result = loadEnvironment({ file: "manifest.yml", text, application: "shop", environment: "test", variables: {} });
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join("\n"));
  return { publicHttp: result.value.publicHttp, warnings: result.warnings.map(({ path }) => path) };
};

test("the former spelling restricts to the content delivery network", () => {
  const { publicHttp } = load("security_groups: {ingress: {restrict_to: {cdn: true}}}\ncdn: true");
  expect(publicHttp).toMatchObject({ restrictToCdn: true, sourceIps: [] });
});

test("addresses in the former spelling keep having no effect, and a warning says so", () => {
  const { publicHttp, warnings } = load("security_groups: {ingress: {restrict_to: {source_ips: [10.0.0.0/8]}}}");
  expect(publicHttp).toMatchObject({ restrictToCdn: false, sourceIps: [] });
  expect(warnings).toEqual(["http.public.security_groups.ingress.restrict_to.source_ips"]);
});

test("addresses in today's spelling restrict, without a warning", () => {
  expect(load("ingress: {source_ips: [10.0.0.0/8]}")).toMatchObject({ publicHttp: { sourceIps: ["10.0.0.0/8"] }, warnings: [] });
});
