import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { loadEnvironment } from "../manifest/environment/load.ts";
import { scaffoldEnvironmentManifest } from "../manifest/environment/scaffold.ts";
import { loadPipeline } from "../pipelines/manifest.ts";
import { scaffoldPipelineManifest } from "../pipelines/manifest-scaffold.ts";
import { loadWorkload } from "./load.ts";
import { scaffoldManifest } from "./scaffold.ts";
import type { ScaffoldInput } from "./scaffold.ts";

const golden = join(import.meta.dirname, "../../../shared/golden/manifests");
const skipped = existsSync(golden) ? "" : " (skipped: there is no ../shared/golden beside this checkout)";

const dockerfile = (name: string) => ({ dockerfile: `./${name}/Dockerfile` });
const web: ScaffoldInput = { name: "frontend", type: "Load Balanced Web Service", image: dockerfile("frontend"), port: 80, path: "" };
const worker: ScaffoldInput = { name: "testers", type: "Worker Service", image: dockerfile("testers") };
const job: ScaffoldInput = { name: "cuteness-aggregator", type: "Scheduled Job", image: dockerfile("cuteness-aggregator") };
const network = { id: "mock-vpc-id", privateSubnetIds: ["mock-subnet-id-3", "mock-subnet-id-4"] };
const certificates = ["mock-cert-1", "mock-cert-2"];
const pipeline = {
  name: "mock-pipeline",
  source: { provider: "GitHub", repository: "mock-url", branch: "main" },
  stages: [{ name: "test" }, { name: "prod" }],
} as const;

/** Each golden manifest with what gives one of the same content here. */
const pairs: Readonly<Record<string, string>> = {
  "lb-svc": scaffoldManifest(web),
  "lb-svc-placement-private": scaffoldManifest({ ...web, privateEnvironments: ["phonetool"] }),
  "backend-svc-nohealthcheck-placement": scaffoldManifest({
    name: "subscribers",
    type: "Backend Service",
    image: dockerfile("subscribers"),
    privateEnvironments: ["phonetool"],
  }),
  "backend-svc-customhealthcheck": scaffoldManifest({
    name: "subscribers",
    type: "Backend Service",
    image: { location: "flask-sample" },
    port: 8080,
    healthCheck: {
      command: ["CMD-SHELL", "curl -f http://localhost:8080 || exit 1"],
      interval: 6,
      retries: 0,
      timeout: 20,
      startPeriod: 15,
    },
  }),
  "worker-svc-nosubscribe-placement": scaffoldManifest({ ...worker, privateEnvironments: ["phonetool"] }),
  "worker-svc-subscribe": scaffoldManifest({
    ...worker,
    topics: [
      { name: "testTopic", service: "service4TestTopic" },
      { name: "testTopic2", service: "service4TestTopic2" },
    ],
  }),
  "worker-svc-with-default-fifo-queue": scaffoldManifest({ ...worker, topics: [{ name: "testTopic.fifo", service: "service4TestTopic" }] }),
  "scheduled-job-no-timeout-or-retries": scaffoldManifest({
    ...job,
    image: { location: "copilot/cuteness-aggregator" },
    schedule: "@weekly",
  }),
  "scheduled-job-fully-specified-placement": scaffoldManifest({
    ...job,
    schedule: "0 */2 * * *",
    retries: 3,
    timeout: "1h30m",
    privateEnvironments: ["phonetool"],
  }),
  "scheduled-job-no-retries": scaffoldManifest({ ...job, schedule: "@every 5h", timeout: "3h", retries: 0 }),
  "scheduled-job-no-timeout": scaffoldManifest({ ...job, schedule: "@every 5h", retries: 5 }),
  "environment-default": scaffoldEnvironmentManifest({ name: "test" }),
  "environment-adjust-vpc": scaffoldEnvironmentManifest({
    name: "test",
    network: {
      adjusted: {
        cidr: "mock-cidr-0",
        availabilityZones: ["mock-az-1", "mock-az-2"],
        publicSubnetCidrs: ["mock-cidr-1", "mock-cidr-2"],
        privateSubnetCidrs: ["mock-cidr-3", "mock-cidr-4"],
      },
    },
    certificates,
    containerInsights: false,
  }),
  "environment-import-vpc": scaffoldEnvironmentManifest({
    name: "test",
    network: { imported: { ...network, publicSubnetIds: ["mock-subnet-id-1", "mock-subnet-id-2"] } },
    certificates,
    containerInsights: true,
  }),
  "pipeline-basic": scaffoldPipelineManifest({ ...pipeline, deploys: { kind: "workloads" } }),
  "pipeline-environment": scaffoldPipelineManifest({ ...pipeline, deploys: { kind: "environments", application: "app" } }),
};

describe("a new manifest", () => {
  for (const [name, text] of Object.entries(pairs))
    test.skipIf(skipped !== "")(`says what the original's ${name} says${skipped}`, () => {
      expect(parse(text)).toEqual(parse(readFileSync(join(golden, `${name}.yml`), "utf8")));
    });

  test("of an environment whose network has private subnets only places the internal load balancer", () => {
    const text = scaffoldEnvironmentManifest({
      name: "test",
      network: { imported: { ...network, publicSubnetIds: [] } },
      certificates,
      internalSubnets: network.privateSubnetIds,
      internalVpcIngress: true,
    });
    expect(parse(text)).toMatchObject({ http: { private: { certificates, subnets: network.privateSubnetIds, ingress: { vpc: true } } } });
  });

  test.each(Object.entries(pairs))("%s begins with the line by which editors find the schema", (_name, text) => {
    expect(text).toMatch(/^# yaml-language-server: \$schema=https:\/\/\S+\/schemas\/[a-z-]+\.json\n/);
  });

  const options: readonly ScaffoldInput[] = [
    web,
    { ...web, port: 50_051, platform: "linux/arm64", path: "/" },
    { ...web, platform: "windows/amd64" },
    {
      ...worker,
      topics: [
        { name: "a.fifo", service: "api" },
        { name: "b", service: "api" },
      ],
    },
    job,
    {
      name: "site",
      type: "Static Site",
      sources: [
        { path: "dist", recursive: true },
        { path: "a file.html", recursive: false },
      ],
    },
    { name: "site", type: "Static Site" },
    { name: "rd", type: "Request-Driven Web Service", image: { location: "public.ecr.aws/a/b" }, port: 80, ingress: "Environment" },
    { name: "rd", type: "Request-Driven Web Service", image: dockerfile("rd"), port: 80, ingress: "Internet" },
    {
      name: "rd",
      type: "Request-Driven Web Service",
      image: dockerfile("rd"),
      port: 80,
      healthCheck: { command: ["CMD", "true"], interval: 6, retries: 2, timeout: 3, startPeriod: 0 },
    },
  ];
  test.each(options)("is accepted as it stands: $type $name", (input) => {
    const result = loadWorkload({
      file: "manifest.yml",
      text: scaffoldManifest(input),
      application: "app",
      environment: "test",
      variables: {},
    });
    expect(result.ok ? result.warnings : result.diagnostics).toEqual([]);
  });

  test("of an environment and of a pipeline is accepted as it stands", () => {
    const environment = loadEnvironment({
      file: "manifest.yml",
      text: scaffoldEnvironmentManifest({ name: "test" }),
      application: "app",
      environment: "test",
      variables: {},
    });
    expect(environment.ok && environment.warnings).toEqual([]);
    const release = loadPipeline("manifest.yml", scaffoldPipelineManifest({ ...pipeline, deploys: { kind: "workloads" } }));
    expect(release.ok && release.warnings).toEqual([]);
  });
});
