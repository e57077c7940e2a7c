import { describe, expect, test } from "vitest";
import type { EnvironmentSpec } from "../../model/environment-spec.ts";
import { toTemplateDocument } from "./cloudformation/template.ts";
import { compileBootstrap, compileEnvironment } from "./compile-environment.ts";
import type { EnvironmentFacts } from "./environment-facts.ts";

const bare: EnvironmentSpec = {
  application: "shop",
  name: "prod",
  manifest: "name: prod\ntype: Environment\n",
  vpc: { kind: "default" },
  securityGroup: { ingress: [], egress: [] },
  containerInsights: false,
  publicHttp: { restrictToCdn: false, sourceIps: [] },
  privateHttp: { vpcIngress: false },
};

const facts: EnvironmentFacts = {
  partition: "aws",
  application: { account: "111122223333" },
  artifacts: { name: "artifacts", keyArn: "arn:aws:kms:eu-west-1:111122223333:key/k" },
  tags: { team: "a" },
  version: "v2.0.0",
  functions: {
    BucketCleanerFunction: { bucket: "artifacts", key: "BucketCleanerFunction.zip" },
    CertificateReplicatorFunction: { bucket: "artifacts", key: "CertificateReplicatorFunction.zip" },
    CertificateValidationFunction: { bucket: "artifacts", key: "CertificateValidationFunction.zip" },
    CustomDomainFunction: { bucket: "artifacts", key: "CustomDomainFunction.zip" },
    DNSDelegationFunction: { bucket: "artifacts", key: "DNSDelegationFunction.zip" },
    UniqueJSONValuesFunction: { bucket: "artifacts", key: "UniqueJSONValuesFunction.zip" },
  },
  forceDeployId: "",
};

const compile = (spec: Partial<EnvironmentSpec> = {}, changed: Partial<EnvironmentFacts> = {}) =>
  compileEnvironment({ ...bare, ...spec }, { ...facts, ...changed });
const resourcesOf = (spec: Partial<EnvironmentSpec> = {}, changed: Partial<EnvironmentFacts> = {}) =>
  compile(spec, changed).template.Resources;

describe("parameters", () => {
  test("a new environment has no workloads yet and a namespace of its own", () => {
    expect(compile().parameters).toEqual({
      AppName: "shop",
      EnvironmentName: "prod",
      ToolsAccountPrincipalARN: "arn:aws:iam::111122223333:root",
      AppDNSName: "",
      AppDNSDelegationRole: "",
      CreateHTTPSListener: "false",
      CreateInternalHTTPSListener: "false",
      ServiceDiscoveryEndpoint: "prod.shop.local",
      ALBWorkloads: "",
      InternalALBWorkloads: "",
      EFSWorkloads: "",
      NATWorkloads: "",
      Aliases: "",
      AppRunnerPrivateWorkloads: "",
    });
  });

  test("what the environment controller wrote is sent as it is, and an old stack keeps the application's namespace", () => {
    const { parameters } = compile({}, { deployedParameters: { ALBWorkloads: "web,api", Aliases: '{"web":["a.example.com"]}' } });
    expect(parameters).toMatchObject({
      ALBWorkloads: "web,api",
      Aliases: '{"web":["a.example.com"]}',
      EFSWorkloads: "",
      ServiceDiscoveryEndpoint: "shop.local",
    });
  });

  test("a domain brings its delegation role and the HTTPS listener, in any partition", () => {
    const { parameters } = compile({}, { partition: "aws-cn", application: { account: "1", domain: "example.com" } });
    expect(parameters).toMatchObject({
      AppDNSName: "example.com",
      AppDNSDelegationRole: "arn:aws-cn:iam::1:role/shop-DNSDelegationRole",
      CreateHTTPSListener: "true",
    });
  });

  test("imported certificates turn on the listener that they are for", () => {
    const { parameters } = compile({ privateHttp: { vpcIngress: false, certificates: ["cert"] } });
    expect(parameters).toMatchObject({ CreateHTTPSListener: "false", CreateInternalHTTPSListener: "true" });
  });
});

describe("network", () => {
  test("zones of an adjusted network stand at the subnets of their index", () => {
    const resources = resourcesOf({
      vpc: {
        kind: "adjusted",
        cidr: "10.1.0.0/16",
        publicSubnetCidrs: ["10.1.0.0/24", "10.1.1.0/24", "10.1.2.0/24"],
        privateSubnetCidrs: ["10.1.3.0/24", "10.1.4.0/24", "10.1.5.0/24"],
        availabilityZones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
      },
    });
    expect(resources["PrivateSubnet3"]).toMatchObject({ Properties: { CidrBlock: "10.1.5.0/24", AvailabilityZone: "eu-west-1c" } });
    expect(Object.keys(resources).filter((id) => /^NatGateway\d$/.test(id))).toEqual(["NatGateway1", "NatGateway2", "NatGateway3"]);
    expect(resources["MountTarget3"]).toMatchObject({ Properties: { SubnetId: { Ref: "PrivateSubnet3" } } });
  });

  test("a network of addresses alone has no subnets, and the endpoint of App Runner none to be in", () => {
    const resources = resourcesOf({
      vpc: { kind: "adjusted", cidr: "10.1.0.0/16", publicSubnetCidrs: [], privateSubnetCidrs: [], availabilityZones: [] },
    });
    expect(Object.keys(resources).filter((id) => /^(Public|Private)Subnet/.test(id))).toEqual([]);
    expect(resources["AppRunnerVpcEndpoint"]).toMatchObject({ Properties: { SubnetIds: "" } });
  });

  test("an imported network is used by its IDs, and nothing of it is made", () => {
    const { template } = compile({
      vpc: { kind: "imported", id: "vpc-1", publicSubnetIds: [], privateSubnetIds: ["subnet-1", "subnet-2"] },
    });
    expect(Object.keys(template.Resources).filter((id) => /^(VPC|Public(Route|Subnet)|Nat|Private)/.test(id))).toEqual([]);
    expect(template.Resources["EFSSecurityGroup"]).toMatchObject({ Properties: { VpcId: "vpc-1" } });
    expect(Object.keys(template.Outputs ?? {})).not.toContain("PublicSubnets");
    expect(Object.keys(template.Outputs ?? {})).toContain("PrivateSubnets");
  });
});

describe("load balancers", () => {
  test("only who may come in comes in", () => {
    const resources = resourcesOf(
      { publicHttp: { restrictToCdn: true, sourceIps: ["192.0.2.0/24"] }, cdn: { terminateTls: false } },
      { cloudFrontPrefixList: "pl-1" },
    );
    expect(resources["PublicHTTPSLoadBalancerSecurityGroup"]).toMatchObject({
      Properties: {
        SecurityGroupIngress: [
          { SourcePrefixListId: "pl-1", FromPort: 443 },
          { CidrIp: "192.0.2.0/24", FromPort: 443 },
        ],
      },
    });
  });

  test("never is anyone let in because CloudFront's addresses are unknown", () => {
    const spec = { publicHttp: { restrictToCdn: true, sourceIps: [] }, cdn: { terminateTls: false } };
    expect(() => compile(spec)).toThrow(expect.objectContaining({ code: "prefix-list-not-found" }));
  });

  test("the second imported certificate and those after it have resources of their own, and the domain's own are left out", () => {
    const resources = resourcesOf({ publicHttp: { restrictToCdn: false, sourceIps: [], certificates: ["c1", "c2", "c3"] } });
    expect(resources["HTTPSListener"]).toMatchObject({ Properties: { Certificates: [{ CertificateArn: "c1" }] } });
    expect(resources["HTTPSImportCertificate3"]).toMatchObject({ Properties: { Certificates: [{ CertificateArn: "c3" }] } });
    expect(resources).not.toHaveProperty("HTTPSCert");
  });

  test("logs go to the named bucket, or to one that is made and emptied", () => {
    const named = resourcesOf({ publicHttp: { restrictToCdn: false, sourceIps: [], accessLogs: { bucketName: "logs", prefix: "p" } } });
    expect(named).not.toHaveProperty("ELBAccessLogsBucket");
    const made = resourcesOf({ publicHttp: { restrictToCdn: false, sourceIps: [], accessLogs: { prefix: "p" } } });
    expect(made["PublicLoadBalancer"]).toMatchObject({
      DependsOn: "ELBAccessLogsBucketPolicy",
      Properties: {
        LoadBalancerAttributes: [
          { Key: "access_logs.s3.enabled", Value: "true" },
          { Key: "access_logs.s3.prefix", Value: "p" },
          { Key: "access_logs.s3.bucket", Value: { Ref: "ELBAccessLogsBucket" } },
        ],
      },
    });
  });
});

describe("content delivery network", () => {
  test("a domain's certificate is copied to us-east-1, and aliases point to CloudFront", () => {
    const resources = resourcesOf({ cdn: { terminateTls: true } }, { application: { account: "1", domain: "example.com" } });
    expect(resources["CertificateReplicator"]).toMatchObject({ Properties: { TargetRegion: "us-east-1" } });
    expect(resources["CustomDomainAction"]).toMatchObject({ Properties: { PublicAccessHostedZone: "Z2FDTNDATAQYW2" } });
    expect(resources["CloudFrontDistribution"]).toMatchObject({
      Properties: {
        DistributionConfig: {
          Aliases: { "Fn::GetAtt": ["UniqueAliasesAction", "UniqueValues"] },
          DefaultCacheBehavior: { ViewerProtocolPolicy: "redirect-to-https" },
        },
      },
    });
  });

  test("without a domain or certificate it answers at its own name only", () => {
    const resources = resourcesOf({ cdn: { terminateTls: false } });
    expect(resources).not.toHaveProperty("UniqueAliasesAction");
    expect(resources).toHaveProperty("CertificateReplicator");
  });
});

test("every role is bounded where the application says so", () => {
  const application = { account: "1", domain: "example.com", permissionsBoundary: "Limits" };
  const { template } = compile(
    { cdn: { terminateTls: false }, flowLogs: { retentionDays: 1 }, publicHttp: { restrictToCdn: false, sourceIps: [], accessLogs: {} } },
    { application },
  );
  const roles = [template, compileBootstrap("shop", "prod", { ...facts, application }).template]
    .flatMap(({ Resources }) => Object.values(Resources))
    .filter((resource) => resource.Type === "AWS::IAM::Role");
  expect(roles).toHaveLength(8);
  for (const role of roles) {
    expect(role).toMatchObject({
      Properties: { PermissionsBoundary: { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/Limits" } },
    });
  }
});

test("an environment begins with its two roles, which are those of the deployed one", () => {
  const bootstrap = compileBootstrap("shop", "prod", facts);
  expect(bootstrap).toMatchObject({ name: "shop-prod", template: { Metadata: { Version: "bootstrap" } } });
  expect(Object.keys(bootstrap.parameters)).toEqual(["AppName", "EnvironmentName", "ToolsAccountPrincipalARN"]);
  const deployed = compile().template;
  expect(bootstrap.template.Resources["CloudformationExecutionRole"]).toEqual(deployed.Resources["CloudformationExecutionRole"]);
  expect(Object.keys(bootstrap.template.Resources)).toEqual(["CloudformationExecutionRole", "EnvironmentManagerRole"]);
});

test("addons get the names of application and environment besides their own parameters", () => {
  const { template } = compile({}, { addons: { templateUrl: "https://bucket/addons.yml", parameters: { Size: 3 } } });
  expect(toTemplateDocument(template)).toMatchObject({
    Resources: {
      AddonsStack: {
        Properties: {
          TemplateURL: "https://bucket/addons.yml",
          Parameters: { App: { Ref: "AppName" }, Env: { Ref: "EnvironmentName" }, Size: 3 },
        },
      },
    },
  });
});

test("tags of the application stand beside Copilot's own, which win", () => {
  expect(compile({}, { tags: { team: "a", "copilot-application": "other" } }).tags).toEqual({
    team: "a",
    "copilot-application": "shop",
    "copilot-environment": "prod",
  });
});
