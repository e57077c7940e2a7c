import { describe, expect, test } from "vitest";
import { readStackMetadata } from "../cloudformation/stack-metadata.ts";
import { toRepositoryUri } from "./live-application.ts";
import { readApplicationRecord, readEnvironmentRecord, readWorkloadRecord } from "./records.ts";

describe("records", () => {
  test("an application may have a domain, a boundary and tags, and an empty domain is none", () => {
    const bare = { name: "shop", account: "1", domain: "", domainHostedZoneID: "", version: "1.0" };
    expect(readApplicationRecord(JSON.stringify(bare))).toEqual({ account: "1", application: { name: "shop", target: "aws" } });
    const full = { ...bare, domain: "example.com", permissionsBoundary: "Limits", tags: { team: "a" } };
    expect(readApplicationRecord(JSON.stringify(full)).application).toMatchObject({
      domain: "example.com",
      permissionsBoundary: "Limits",
      tags: { team: "a" },
    });
  });

  test("an environment says where it is and who manages it", () => {
    const text = '{"app":"shop","name":"test","region":"r","accountID":"2","managerRoleARN":"m","executionRoleARN":"e","registryURL":""}';
    expect(readEnvironmentRecord(text)).toMatchObject({
      environment: { application: "shop", name: "test", target: "aws", region: "r", accountId: "2" },
      region: "r",
      account: "2",
      managerRoleArn: "m",
      executionRoleArn: "e",
    });
  });

  test("a workload of a type that nobody knows is none, and damaged text is a Problem", () => {
    expect(readWorkloadRecord('{"app":"shop","name":"api","type":"Backend Service"}')).toMatchObject({ type: "Backend Service" });
    expect(readWorkloadRecord('{"app":"shop","name":"api","type":"Later"}')).toBeUndefined();
    for (const text of ["", "[]", "{"]) expect(() => readWorkloadRecord(text)).toThrow(/holds no JSON object/);
  });
});

test("the metadata of a stack has a version, and a manifest since there are manifests of environments", () => {
  expect(readStackMetadata("")).toEqual({ version: "v0.0.0" });
  expect(readStackMetadata("Version: bootstrap\n")).toEqual({ version: "bootstrap" });
  expect(readStackMetadata('{"Version":"v1.34.1","Manifest":"name: test\\n"}')).toEqual({ version: "v1.34.1", manifest: "name: test\n" });
});

test("a repository is addressed by account and region, in China too", () => {
  expect(toRepositoryUri("arn:aws:ecr:us-west-2:1:repository/shop/api")).toBe("1.dkr.ecr.us-west-2.amazonaws.com/shop/api");
  expect(toRepositoryUri("arn:aws-cn:ecr:cn-north-1:1:repository/shop/api")).toBe("1.dkr.ecr.cn-north-1.amazonaws.com.cn/shop/api");
});
