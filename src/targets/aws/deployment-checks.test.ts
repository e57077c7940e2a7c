import { describe, expect, test } from "vitest";
import { sampleFacts, sampleListener } from "../../../test/samples/aws-workloads.ts";
import { sampleRule, sampleSpec } from "../../../test/samples/workloads.ts";
import type { HttpRule, WorkloadSpec } from "../../model/workload-spec.ts";
import { checkDeployment } from "./deployment-checks.ts";
import type { ImportedCertificates, ImportedLoadBalancer, WorkloadFacts } from "./workload-facts.ts";

const codes = (spec: WorkloadSpec, facts: WorkloadFacts = sampleFacts()): readonly string[] =>
  checkDeployment(spec, facts).map(({ code }) => code);

const publicService = (...rules: readonly [Partial<HttpRule>, ...Partial<HttpRule>[]]): WorkloadSpec => {
  const [first, ...others] = rules;
  return sampleSpec({
    type: "Load Balanced Web Service",
    http: { scope: "public", rules: [sampleRule(first), ...others.map(sampleRule)] },
  });
};

const internalService = (rule: Partial<HttpRule>): WorkloadSpec => sampleSpec({ http: { scope: "internal", rules: [sampleRule(rule)] } });

const withCertificates = (certificates: Partial<ImportedCertificates>, cdn = false): WorkloadFacts => {
  const facts = sampleFacts();
  return { ...facts, environment: { ...facts.environment, cdn, certificates: { ...facts.environment.certificates, ...certificates } } };
};

const withDomain = sampleFacts({ application: { account: "4", domain: "example.com" } });
const certificate = { arn: "arn:cert", names: ["example.org", "*.example.org"] };

const aliases = (...names: readonly string[]) => ({ aliases: names.map((name) => ({ name })) });

describe("aliases of a public service", () => {
  test("need a domain or certificates", () => {
    expect(codes(publicService(aliases("a.example.com")))).toEqual(["alias-without-domain"]);
    expect(codes(publicService(aliases("a.example.com")), withDomain)).toEqual([]);
  });

  test("are at most one label below the domain, the application or the environment", () => {
    const allowed = [
      "example.com",
      "a.example.com",
      "shop.example.com",
      "a.shop.example.com",
      "test.shop.example.com",
      "a.test.shop.example.com",
    ];
    expect(codes(publicService(aliases(...allowed)), withDomain)).toEqual([]);
    const refused = ["a.b.example.com", "example.org", "a.example.com.evil.org", "aXexample.com"];
    expect(codes(publicService(aliases(...refused)), withDomain)).toEqual(refused.map(() => "alias-outside-domain"));
  });

  test("are there and covered where certificates are imported", () => {
    const facts = withCertificates({ publicHttp: [certificate] });
    expect(codes(publicService({}), facts)).toEqual(["alias-missing"]);
    expect(codes(publicService(aliases("www.example.org", "example.org")), facts)).toEqual([]);
    expect(codes(publicService(aliases("a.b.example.org")), facts)).toEqual(["alias-not-covered"]);
  });

  test("are covered by the content delivery network's certificate too", () => {
    const facts = withCertificates({ publicHttp: [certificate], cdn: { arn: "arn:cdn", names: ["example.org"] } }, true);
    expect(codes(publicService(aliases("www.example.org")), facts)).toEqual(["alias-not-covered"]);
  });

  test("name hosted zones only with certificates and without a content delivery network", () => {
    const rule = { aliases: [{ name: "example.org", hostedZone: "Z1" }] };
    expect(codes(publicService(rule), withDomain)).toEqual(["hosted-zone-without-certificate"]);
    expect(codes(publicService(rule), withCertificates({ publicHttp: [certificate] }, true))).toEqual(["hosted-zone-with-cdn"]);
    expect(codes(publicService(rule), withCertificates({ publicHttp: [certificate] }))).toEqual([]);
  });

  test("of additional rules are complained of where they stand", () => {
    const spec = publicService({}, { path: "admin", ...aliases("b.example.net") });
    expect(checkDeployment(spec, withDomain).map(({ path }) => path)).toEqual(["http.additional_rules[0].alias"]);
  });
});

test("a stated redirect needs HTTPS to be there", () => {
  const rule = { redirectToHttps: true, redirectToHttpsStated: true };
  expect(codes(publicService(rule))).toEqual(["https-unavailable"]);
  expect(codes(publicService(rule), withDomain)).toEqual([]);
});

test("an imported load balancer has one listener, or one for HTTP and one for HTTPS", () => {
  const facts = (...protocols: readonly string[]): WorkloadFacts => {
    const importedLoadBalancer: ImportedLoadBalancer = {
      name: "n",
      arn: "arn:lb",
      dnsName: "d",
      hostedZoneId: "z",
      securityGroups: [],
      listeners: protocols.map((protocol, index) => ({ arn: `arn:${index}`, port: 80 + index, protocol })),
    };
    return sampleFacts({ importedLoadBalancer });
  };
  expect(codes(publicService({}), facts("HTTP"))).toEqual([]);
  expect(codes(publicService({}), facts("HTTPS", "HTTP"))).toEqual([]);
  expect(codes(publicService({}), facts())).toEqual(["load-balancer-unsuitable"]);
  expect(codes(publicService({}), facts("HTTP", "HTTP"))).toEqual(["load-balancer-unsuitable"]);
});

test("aliases inside the network need certificates, and certificates need aliases", () => {
  const facts = withCertificates({ privateHttp: [certificate] });
  expect(codes(internalService(aliases("example.org")))).toEqual(["alias-without-certificate"]);
  expect(codes(internalService(aliases("example.org")), facts)).toEqual([]);
  expect(codes(internalService({}), facts)).toEqual(["alias-missing"]);
});

test("aliases of a network load balancer need the application's domain, and no imported certificates", () => {
  const spec = sampleSpec({
    type: "Load Balanced Web Service",
    nlb: { listeners: [sampleListener()], aliases: [{ name: "nlb.example.com" }] },
  });
  expect(codes(spec)).toEqual(["alias-without-domain"]);
  expect(codes(spec, withDomain)).toEqual([]);
  expect(codes(spec, withCertificates({ publicHttp: [certificate] }))).toEqual(["alias-with-imported-certificate"]);
});

test("the alias of a Request-Driven Web Service is directly below the domain, and not the application's", () => {
  const codesOf = (alias: string, facts = withDomain) => {
    const { task: _task, ...spec } = sampleSpec({
      type: "Request-Driven Web Service",
      requestDriven: { port: 80, alias, healthCheck: {}, private: false, tags: {} },
    });
    return codes(spec, facts);
  };
  expect(codesOf("www.example.com")).toEqual([]);
  expect(codesOf("www.example.com", sampleFacts())).toEqual(["alias-unsupported"]);
  for (const alias of ["example.com", "shop.example.com", "a.test.shop.example.com", "a.b.example.com"])
    expect(codesOf(alias)).toEqual(["alias-unsupported"]);
});

test("the alias of a site needs the domain or a certificate of its own", () => {
  const spec = (site: NonNullable<WorkloadSpec["site"]>) => sampleSpec({ type: "Static Site", site });
  expect(codes(spec({ files: [], alias: "www.example.org" }))).toEqual(["alias-without-domain"]);
  expect(codes(spec({ files: [], alias: "www.example.org", certificate: "arn:cert" }))).toEqual([]);
  expect(codes(spec({ files: [], alias: "www.example.com" }), withDomain)).toEqual([]);
});

test("subscriptions are to topics that are deployed", () => {
  const spec = sampleSpec({
    type: "Worker Service",
    subscribes: {
      queue: { fifo: {} },
      topics: [
        { service: "web", name: "orders" },
        { service: "web", name: "returns", queue: {} },
      ],
    },
  });
  const topicArns = ["arn:aws:sns:eu-west-1:1:shop-test-web-orders.fifo"];
  expect(checkDeployment(spec, sampleFacts({ topicArns }))).toMatchObject([
    { code: "topic-not-found", path: "subscribe.topics[1]", message: expect.stringContaining("shop-test-web-returns ") },
  ]);
  expect(codes(spec, sampleFacts())).toEqual([]);
});
