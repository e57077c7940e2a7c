import { ACMClient } from "@aws-sdk/client-acm";
import { AppRunnerClient } from "@aws-sdk/client-apprunner";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { Route53Client } from "@aws-sdk/client-route-53";
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { appRunnerDomains } from "./app-runner-custom-domain/index.ts";
import { ecsQueueConsumers } from "./backlog-per-task/index.ts";
import { s3VersionedBucket } from "./bucket-cleaner/index.ts";
import { acmCertificates } from "./certificates/acm-certificates.ts";
import { taggedEcsServices } from "./desired-count/index.ts";
import { route53Access, route53Zones } from "./dns/route53-zones.ts";
import { aliasRecord, valueRecord } from "./dns/zones.ts";
import { cloudFormationStacks } from "./env-controller/index.ts";
import { answerCalls, awsError } from "../../../../test/fakes/custom-resources/answering-client.ts";
import { elasticLoadBalancingRules } from "./rule-priority/index.ts";
import { stepFunctionsRun } from "./trigger-state-machine/index.ts";

const region = "us-west-2";

describe("cloudFormationStacks", () => {
  const UPDATE = { changed: { ALBWorkloads: "web" }, kept: ["AppName"], roleArn: "arn:role", capabilities: ["CAPABILITY_IAM", "NEW_ONE"] };

  it("reads a stack", async () => {
    const client = new CloudFormationClient({ region });
    answerCalls(client, () => ({
      Stacks: [
        {
          StackStatus: "UPDATE_COMPLETE",
          Parameters: [{ ParameterKey: "ALBWorkloads", ParameterValue: "" }],
          Outputs: [{ OutputKey: "VpcId", OutputValue: "vpc-1" }],
          Capabilities: ["CAPABILITY_IAM"],
        },
      ],
    }));
    expect(await cloudFormationStacks(client).describe("demo-test")).toEqual({
      status: "UPDATE_COMPLETE",
      parameters: { ALBWorkloads: "" },
      outputs: { VpcId: "vpc-1" },
      capabilities: ["CAPABILITY_IAM"],
    });
  });

  it("knows a stack that is not there", async () => {
    const client = new CloudFormationClient({ region });
    answerCalls(client, () => {
      throw awsError("ValidationError", "Stack with id demo-test does not exist");
    });
    expect(await cloudFormationStacks(client).describe("demo-test")).toBeUndefined();
  });

  it("updates parameters under the template that is there", async () => {
    const client = new CloudFormationClient({ region });
    const calls = answerCalls(client, () => ({}));
    expect(await cloudFormationStacks(client).update("demo-test", UPDATE)).toBe("started");
    expect(calls).toEqual([
      {
        command: "UpdateStackCommand",
        input: {
          StackName: "demo-test",
          UsePreviousTemplate: true,
          Parameters: [
            { ParameterKey: "AppName", UsePreviousValue: true },
            { ParameterKey: "ALBWorkloads", ParameterValue: "web" },
          ],
          RoleARN: "arn:role",
          Capabilities: ["CAPABILITY_IAM"],
        },
      },
    ]);
  });

  it.each([
    ["Stack:arn:aws:cloudformation:x is in UPDATE_IN_PROGRESS state and can not be updated.", "busy"],
    ["Stack:x is in UPDATE_COMPLETE_CLEANUP_IN_PROGRESS state and can not be updated.", "busy"],
    ["No updates are to be performed.", "unchanged"],
  ])("reads %j as %s", async (message, result) => {
    const client = new CloudFormationClient({ region });
    answerCalls(client, () => {
      throw awsError("ValidationError", message);
    });
    expect(await cloudFormationStacks(client).update("demo-test", UPDATE)).toBe(result);
  });
});

describe("elasticLoadBalancingRules", () => {
  it("reads all pages", async () => {
    const client = new ElasticLoadBalancingV2Client({ region });
    answerCalls(client, ({ input }) =>
      input["Marker"] === undefined ? { Rules: [{ Priority: "1" }], NextMarker: "2" } : { Rules: [{ Priority: "default" }] },
    );
    expect(await elasticLoadBalancingRules(client)("arn:listener")).toEqual(["1", "default"]);
  });
});

describe("taggedEcsServices", () => {
  it("finds services by tags and reads their count", async () => {
    const [tagging, ecs] = [new ResourceGroupsTaggingAPIClient({ region }), new ECSClient({ region })];
    const calls = answerCalls(tagging, () => ({ ResourceTagMappingList: [{ ResourceARN: "arn:1" }] }));
    answerCalls(ecs, ({ input }) => ({ services: String(input["services"]) === "arn:1" ? [{ desiredCount: 0 }] : [] }));
    const services = taggedEcsServices(tagging, ecs);
    expect(await services.find({ application: "demo", environment: "test", service: "api" })).toEqual(["arn:1"]);
    expect(calls[0]?.input["TagFilters"]).toContainEqual({ Key: "copilot-service", Values: ["api"] });
    expect(await services.desiredCount("cluster", "arn:1")).toBe(0);
    expect(await services.desiredCount("cluster", "arn:2")).toBeUndefined();
  });
});

describe("ecsQueueConsumers", () => {
  it("reads tasks and messages", async () => {
    const [ecs, sqs] = [new ECSClient({ region }), new SQSClient({ region })];
    answerCalls(ecs, () => ({ services: [{ runningCount: 3 }] }));
    answerCalls(sqs, ({ command }) =>
      command === "GetQueueUrlCommand" ? { QueueUrl: "https://queue" } : { Attributes: { ApproximateNumberOfMessages: "12" } },
    );
    const consumers = ecsQueueConsumers(ecs, sqs);
    expect(await consumers.runningTasks("cluster", "service")).toBe(3);
    expect(await consumers.waitingMessages("events")).toBe(12);
  });
});

describe("s3VersionedBucket", () => {
  it("lists and removes versions and markers", async () => {
    const client = new S3Client({ region });
    answerCalls(client, ({ command }) =>
      command === "ListObjectVersionsCommand"
        ? { Versions: [{ Key: "a", VersionId: "1" }], DeleteMarkers: [{ Key: "b", VersionId: "2" }] }
        : { Errors: [{ Key: "b", Message: "AccessDenied" }] },
    );
    const bucket = s3VersionedBucket(client);
    const versions = await bucket.someVersions("logs");
    expect(versions).toEqual([
      { key: "a", versionId: "1" },
      { key: "b", versionId: "2" },
    ]);
    expect(await bucket.remove("logs", versions)).toEqual([{ key: "b", reason: "AccessDenied" }]);
  });

  it.each([
    ["NotFound", false],
    ["NoSuchBucket", false],
  ])("reads %s as a bucket that is gone", async (name, exists) => {
    const client = new S3Client({ region });
    answerCalls(client, () => {
      throw awsError(name, "");
    });
    expect(await s3VersionedBucket(client).exists("logs")).toBe(exists);
  });
});

describe("stepFunctionsRun", () => {
  it.each([
    [{ status: "SUCCEEDED" }, undefined],
    [{ status: "FAILED", cause: "S3.AccessDenied" }, "S3.AccessDenied"],
    [{ status: "TIMED_OUT" }, "TIMED_OUT"],
  ])("reads %j", async (output, cause) => {
    const client = new SFNClient({ region });
    answerCalls(client, () => output);
    expect(await stepFunctionsRun(client)("arn:copy")).toBe(cause);
  });
});

describe("route53Zones", () => {
  it("takes the public zone of exactly the name", async () => {
    const client = new Route53Client({ region });
    answerCalls(client, () => ({
      HostedZones: [
        { Id: "/hostedzone/Z1", Name: "demo.example.com.", Config: { PrivateZone: true } },
        { Id: "/hostedzone/Z2", Name: "demo.example.com." },
        { Id: "/hostedzone/Z3", Name: "example.org." },
      ],
    }));
    expect(await route53Zones(client).findZone("demo.example.com")).toBe("Z2");
    expect(await route53Zones(client).findZone("demo.example.co")).toBeUndefined();
  });

  it("gives a record only when it is the one that was asked for", async () => {
    const client = new Route53Client({ region });
    const target = { DNSName: "LB.example.", HostedZoneId: "Z", EvaluateTargetHealth: true };
    answerCalls(client, () => ({ ResourceRecordSets: [{ Name: "api.example.com.", Type: "A", AliasTarget: target }] }));
    const zones = route53Zones(client);
    const record = aliasRecord("api.example.com", { dnsName: "lb.example", hostedZoneId: "Z" });
    expect(await zones.findRecord("Z1", "api.example.com", "A")).toEqual(record);
    expect(await zones.findRecord("Z1", "api.example.com")).toEqual(record);
    expect(await zones.findRecord("Z1", "api.example.com", "NS")).toBeUndefined();
    expect(await zones.findRecord("Z1", "app.example.com", "A")).toBeUndefined();
  });

  it("writes records and waits until they are everywhere", async () => {
    const client = new Route53Client({ region });
    const calls = answerCalls(client, ({ command }) => ({
      ChangeInfo: { Id: "C1", Status: command === "GetChangeCommand" ? "INSYNC" : "PENDING" },
    }));
    await route53Zones(client).upsert("Z1", valueRecord("a.example.com", "CNAME", "b.example.com"), "why");
    expect(calls).toEqual([
      {
        command: "ChangeResourceRecordSetsCommand",
        input: {
          HostedZoneId: "Z1",
          ChangeBatch: {
            Comment: "why",
            Changes: [
              {
                Action: "UPSERT",
                ResourceRecordSet: { Name: "a.example.com", Type: "CNAME", TTL: 60, ResourceRecords: [{ Value: "b.example.com" }] },
              },
            ],
          },
        },
      },
      { command: "GetChangeCommand", input: { Id: "C1" } },
    ]);
  });

  it.each([
    ["[Tried to delete resource record set [name='a', type='A'] but it was not found]", "absent"],
    ["[Tried to delete resource record set [name='a', type='A'] but the values provided do not match the current values]", "different"],
  ])("reads %j as %s", async (message, removal) => {
    const client = new Route53Client({ region });
    answerCalls(client, () => {
      throw awsError("InvalidChangeBatch", message);
    });
    expect(await route53Zones(client).remove("Z1", valueRecord("a.example.com", "CNAME", "b"))).toBe(removal);
  });
});

describe("route53Access", () => {
  it("has one client a role, so that a role is assumed once for all zones", () => {
    const access = route53Access();
    expect(access.assuming("arn:first")).toBe(access.assuming("arn:first"));
    expect(access.assuming("arn:first")).not.toBe(access.assuming("arn:second"));
  });
});

describe("acmCertificates", () => {
  it("requests without alternative names when there are none", async () => {
    const client = new ACMClient({ region });
    const calls = answerCalls(client, () => ({ CertificateArn: "arn:1" }));
    const request = { domainName: "a.example.com", alternativeNames: [], idempotencyToken: "t", tags: { "copilot-service": "api" } };
    expect(await acmCertificates(client).request(request)).toBe("arn:1");
    expect(calls[0]?.input).toEqual({
      DomainName: "a.example.com",
      IdempotencyToken: "t",
      ValidationMethod: "DNS",
      Tags: [{ Key: "copilot-service", Value: "api" }],
    });
  });

  it("reads a certificate, and one that is gone", async () => {
    const client = new ACMClient({ region });
    answerCalls(client, ({ input }) => {
      if (input["CertificateArn"] === "arn:gone") throw awsError("ResourceNotFoundException", "");
      const ResourceRecord = { Name: "_x", Type: "CNAME", Value: "y" };
      const DomainValidationOptions = [{ DomainName: "a.example.com", ResourceRecord }, { DomainName: "b.example.com" }];
      return { Certificate: { DomainName: "a.example.com", InUseBy: ["arn:lb"], DomainValidationOptions } };
    });
    const certificates = acmCertificates(client);
    expect(await certificates.describe("arn:1")).toEqual({
      arn: "arn:1",
      domainName: "a.example.com",
      alternativeNames: [],
      inUseBy: ["arn:lb"],
      validations: [
        { domainName: "a.example.com", record: { name: "_x", type: "CNAME", value: "y" } },
        { domainName: "b.example.com", record: undefined },
      ],
    });
    expect(await certificates.describe("arn:gone")).toBeUndefined();
    await expect(certificates.delete("arn:gone")).resolves.toBeUndefined();
  });

  it("lists all pages", async () => {
    const client = new ACMClient({ region });
    answerCalls(client, ({ input }) =>
      input["NextToken"] === undefined
        ? { CertificateSummaryList: [{ CertificateArn: "arn:1", DomainName: "a" }], NextToken: "2" }
        : { CertificateSummaryList: [{ CertificateArn: "arn:2", DomainName: "b" }] },
    );
    expect(await acmCertificates(client).list()).toEqual([
      { arn: "arn:1", domainName: "a" },
      { arn: "arn:2", domainName: "b" },
    ]);
  });
});

describe("appRunnerDomains", () => {
  const DOMAIN = "www.demo.example.com";

  it("reads the target of a domain that is associated already", async () => {
    const client = new AppRunnerClient({ region });
    answerCalls(client, ({ command }) => {
      if (command === "DescribeCustomDomainsCommand") return { DNSTarget: "service.example", CustomDomains: [] };
      throw awsError("InvalidRequestException", `${DOMAIN} is already associated with arn:service`);
    });
    expect(await appRunnerDomains(client).associate("arn:service", DOMAIN)).toBe("service.example");
  });

  it("finds a domain on a later page", async () => {
    const client = new AppRunnerClient({ region });
    answerCalls(client, ({ input }) =>
      input["NextToken"] === undefined
        ? { CustomDomains: [{ DomainName: "other" }], NextToken: "2" }
        : { CustomDomains: [{ DomainName: DOMAIN, Status: "active", CertificateValidationRecords: [{ Name: "_x", Value: "y" }] }] },
    );
    expect(await appRunnerDomains(client).find("arn:service", DOMAIN)).toEqual({
      status: "active",
      validationRecords: [{ name: "_x", type: "CNAME", value: "y" }],
    });
    expect(await appRunnerDomains(client).find("arn:service", "none")).toBeUndefined();
  });

  it.each([
    ["ResourceNotFoundException", "Service not found"],
    ["InvalidRequestException", `No custom domain ${DOMAIN} found for the provided service`],
  ])("has nothing to disassociate after %s", async (name, message) => {
    const client = new AppRunnerClient({ region });
    answerCalls(client, () => {
      throw awsError(name, message);
    });
    expect(await appRunnerDomains(client).disassociate("arn:service", DOMAIN)).toBeUndefined();
  });
});
