import { describe, expect, test } from "vitest";
import { toTemplateDocument } from "./cloudformation/template.ts";
import { writeTemplate } from "./cloudformation/write.ts";
import type { ApplicationFacts } from "./compile-application.ts";
import { compileApplicationRoles, compileApplicationStackSet } from "./compile-application.ts";
import { fromRepositoryId } from "./templates/application/names.ts";
import { readApplicationResources } from "./templates/application/read-resources.ts";
import { inlineTemplateLimit, toTemplateBody } from "./templates/application/template-body.ts";

const facts: ApplicationFacts = {
  application: "shop",
  partition: "aws",
  account: "111111111111",
  version: "v2.0.0",
  delegatedAccounts: [],
  tags: { team: "a" },
};

const workload = (name: string, withRepository = true) => ({ name, withRepository });
const resources = { revision: 3, workloads: [workload("web-app"), workload("api"), workload("site", false)], accounts: ["2", "1"] };

const bodyFor = (count: number) => {
  const workloads = Array.from({ length: count }, (_, index) => workload(`workload-${index}`));
  return toTemplateBody(compileApplicationStackSet(facts, { ...resources, workloads }).template);
};

describe("roles stack", () => {
  test("has the names that other accounts refer to", () => {
    expect(compileApplicationRoles(facts)).toMatchObject({
      name: "shop-infrastructure-roles",
      parameters: {
        AdminRoleName: "shop-adminrole",
        ExecutionRoleName: "shop-executionrole",
        DNSDelegationRoleName: "shop-DNSDelegationRole",
        AppDNSDelegatedAccounts: "111111111111",
        AppDomainName: "",
        AppDomainHostedZoneID: "",
        AppName: "shop",
      },
      tags: { team: "a", "copilot-application": "shop" },
    });
  });

  test("every delegated account is trusted once, the application's own last", () => {
    const domain = { name: "example.com", hostedZoneId: "Z1" };
    const stack = compileApplicationRoles({ ...facts, domain, delegatedAccounts: ["333333333333", "222222222222", "333333333333"] });
    expect(stack.parameters["AppDNSDelegatedAccounts"]).toBe("333333333333,222222222222,111111111111");
    expect(JSON.stringify(stack.template.Resources["DNSDelegationRole"])).toContain("arn:${AWS::Partition}:iam::333333333333:root");
  });

  test("every role is bounded where the application says so", () => {
    const { template } = compileApplicationRoles({ ...facts, permissionsBoundary: "Limits" });
    const roles = Object.values(template.Resources).filter((resource) => resource.Type === "AWS::IAM::Role");
    expect(roles).toHaveLength(3);
    for (const role of roles) expect(role).toHaveProperty("Properties.PermissionsBoundary");
  });
});

describe("StackSet", () => {
  test("metadata says what the application has, sorted, and keeps old programs out", () => {
    expect(compileApplicationStackSet(facts, resources)).toMatchObject({
      name: "shop-infrastructure",
      administrationRoleArn: "arn:aws:iam::111111111111:role/shop-adminrole",
      executionRoleName: "shop-executionrole",
      template: {
        Metadata: {
          TemplateVersion: "v2.0.0",
          Version: 3,
          Workloads: [
            { Name: "api", WithECR: true },
            { Name: "site", WithECR: false },
            { Name: "web-app", WithECR: true },
          ],
          Accounts: ["1", "2"],
          Services: "See #5140",
        },
      },
    });
  });

  test("workloads with images have a repository, whose output names them", () => {
    const { template } = compileApplicationStackSet(facts, resources);
    const outputs = Object.keys(template.Outputs ?? {}).map(fromRepositoryId);
    expect(outputs.filter((name) => name !== undefined)).toEqual(["api", "web-app"]);
    expect(template.Resources["ECRRepowebDASHapp"]).toMatchObject({ Properties: { RepositoryName: "shop/web-app" } });
  });

  test("what is deployed is read back, from YAML and from JSON", () => {
    const accounts = ["012345678901", "111111111111"];
    const sorted = { revision: 7, workloads: [workload("api"), workload("site", false)], accounts };
    const document = toTemplateDocument(compileApplicationStackSet(facts, sorted).template);
    expect(readApplicationResources(writeTemplate(document))).toEqual(sorted);
    expect(readApplicationResources(JSON.stringify(document))).toEqual(sorted);
  });

  test("a template of before 1.2 lists services, which all have a repository", () => {
    const text = "Metadata:\n  Version: 2\n  Services:\n    - api\n  Accounts:\n    - 012345678901\nResources: {}\n";
    expect(readApplicationResources(text)).toEqual({ revision: 2, workloads: [workload("api")], accounts: ["012345678901"] });
  });
});

describe("template body", () => {
  test("is passed within the call as long as CloudFormation takes it, then through a bucket", () => {
    expect(bodyFor(45).kind).toBe("inline");
    expect(bodyFor(60).kind).toBe("stored");
    expect(bodyFor(1200)).toMatchObject({ kind: "too-large" });
  });

  test("inline is at most what the limit says", () => {
    const inline = Array.from({ length: 70 }, (_, index) => bodyFor(index)).filter((body) => body.kind === "inline");
    expect(Math.max(...inline.map((body) => Buffer.byteLength(body.text)))).toBeLessThanOrEqual(inlineTemplateLimit);
    expect(inline.length).toBeGreaterThan(45);
  });
});
