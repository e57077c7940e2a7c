import { describe, expect, test } from "vitest";
import { compileSample, propertiesOf, resourcesOf, sampleFacts, sampleListener } from "../../../test/samples/aws-workloads.ts";
import { sampleContainer, sampleRule, sampleSpec, sampleTask } from "../../../test/samples/workloads.ts";
import type { WorkloadSpec } from "../../model/workload-spec.ts";
import { isJsonObject } from "./cloudformation/json.ts";
import { compileWorkload, workloadStackName, writeStackParameters } from "./compile-workload.ts";
import type { ImportedLoadBalancer } from "./workload-facts.ts";

const webService = (changes: Partial<WorkloadSpec> = {}): WorkloadSpec =>
  sampleSpec({ type: "Load Balanced Web Service", http: { scope: "public", rules: [sampleRule()] }, ...changes });

const requestDriven = (changes: Partial<WorkloadSpec> = {}): WorkloadSpec =>
  sampleSpec({
    type: "Request-Driven Web Service",
    task: sampleTask({
      containers: [sampleContainer({ image: { kind: "location", location: "public.ecr.aws/x/api:1" } })],
      cpu: 1024,
      memory: 2048,
    }),
    requestDriven: { port: 8080, healthCheck: {}, private: false, tags: {} },
    ...changes,
  });

const job = (changes: Partial<WorkloadSpec> = {}): WorkloadSpec =>
  sampleSpec({ type: "Scheduled Job", job: { schedule: { kind: "rate", minutes: 10 }, scheduleText: "@every 10m" }, ...changes });

const site = (changes: Partial<WorkloadSpec> = {}): WorkloadSpec => {
  const { task: _task, count: _count, ...rest } = sampleSpec({ type: "Static Site", name: "pages", site: { files: [] } });
  return { ...rest, ...changes };
};

const worker = (changes: Partial<WorkloadSpec> = {}): WorkloadSpec => sampleSpec({ type: "Worker Service", ...changes });

describe("a Backend Service", () => {
  const compiled = compileSample(sampleSpec());

  test("has the resources by which live stacks know it", () => {
    expect(Object.keys(resourcesOf(compiled)).toSorted()).toEqual([
      "AddonsStack",
      "DiscoveryService",
      "EnvControllerAction",
      "EnvControllerFunction",
      "EnvControllerRole",
      "ExecutionRole",
      "LogGroup",
      "Service",
      "TaskDefinition",
      "TaskRole",
    ]);
    expect(compiled.document["Metadata"]).toEqual({ Version: "v2.0.0", Manifest: "name: api\n" });
  });

  test("is deployed with texts as parameters, sorted by name", () => {
    expect(JSON.parse(writeStackParameters(compiled))).toEqual({
      Parameters: {
        AddonsTemplateURL: "",
        AppName: "shop",
        ArtifactKeyARN: "arn:aws:kms:eu-west-1:444455556666:key/k",
        ContainerImage: "example/api:1",
        ContainerPort: "8080",
        EnvFileARN: "",
        EnvName: "test",
        LogRetention: "30",
        TargetContainer: "api",
        TargetPort: "8080",
        TaskCPU: "256",
        TaskCount: "1",
        TaskMemory: "512",
        WorkloadName: "api",
      },
      Tags: { "copilot-application": "shop", "copilot-environment": "test", "copilot-service": "api" },
    });
    expect(Object.keys(compiled.parameters)).toHaveLength(14);
    expect(writeStackParameters(compiled).indexOf("AddonsTemplateURL")).toBeLessThan(writeStackParameters(compiled).indexOf("AppName"));
  });

  test("without a port is found by no name and says so with the port -1", () => {
    const { ownPort: _ownPort, ...silent } = sampleContainer({ ports: [] });
    const closed = compileSample(sampleSpec({ task: sampleTask({ containers: [silent] }) }));
    expect(closed.parameters).toMatchObject({ ContainerPort: "-1", TargetPort: "-1" });
    expect(propertiesOf(closed, "Service")["ServiceRegistries"]).toMatchObject({
      "Fn::If": ["ExposePort", expect.anything(), { Ref: "AWS::NoValue" }],
    });
  });

  test("leaves out what is empty, so that nothing changes in live stacks", () => {
    const [container] = propertiesOf(compiled, "TaskDefinition")["ContainerDefinitions"] as [Record<string, unknown>];
    expect(Object.keys(container).toSorted()).toEqual([
      "Environment",
      "EnvironmentFiles",
      "Image",
      "LogConfiguration",
      "Name",
      "PortMappings",
    ]);
    expect(propertiesOf(compiled, "TaskDefinition")).not.toHaveProperty("Volumes");
  });
});

describe("a Load Balanced Web Service", () => {
  test("without HTTPS has one rule on the HTTP listener for each of its own", () => {
    const spec = webService({ http: { scope: "public", rules: [sampleRule(), sampleRule({ path: "admin", targetPort: 9000 })] } });
    const compiled = compileSample(spec);
    expect(propertiesOf(compiled, "HTTPListenerRule1")).toMatchObject({
      Actions: [{ Type: "forward", TargetGroupArn: { Ref: "TargetGroup1" } }],
      Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/admin", "/admin/*"] } }],
      Priority: { "Fn::GetAtt": ["HTTPRulePriorityAction", "Priority1"] },
    });
    expect(resourcesOf(compiled)["Service"]).toMatchObject({ DependsOn: ["HTTPListenerRule", "HTTPListenerRule1"] });
    expect(compiled.parameters).toMatchObject({ HTTPSEnabled: "false", DNSDelegated: "false", RulePath: "/" });
  });

  test("with a domain redirects to HTTPS and gets a default name", () => {
    const facts = sampleFacts({ application: { account: "444455556666", domain: "example.com" } });
    const compiled = compileSample(webService(), facts);
    expect(propertiesOf(compiled, "HTTPListenerRuleWithDomain")["Actions"]).toMatchObject([{ Type: "redirect" }]);
    expect(propertiesOf(compiled, "HTTPSListenerRule")["Actions"]).toMatchObject([{ Type: "forward" }]);
    expect(resourcesOf(compiled)).toHaveProperty("LoadBalancerDNSAlias");
    expect(compiled.parameters).toMatchObject({ HTTPSEnabled: "true", DNSDelegated: "true" });
  });

  test("asks for no load balancer of the environment when it imports one, and scales by the imported one's target group", () => {
    const importedLoadBalancer: ImportedLoadBalancer = {
      name: "app/main/1",
      arn: "arn:lb",
      dnsName: "main.elb.amazonaws.com",
      hostedZoneId: "Z1",
      listeners: [{ arn: "arn:http", port: 80, protocol: "HTTP" }],
      securityGroups: ["sg-1", "sg-2"],
    };
    const spec = webService({ count: { kind: "autoscaling", min: 1, max: 4, requests: { value: 100 } } });
    const compiled = compileSample(spec, sampleFacts({ importedLoadBalancer }));
    expect(propertiesOf(compiled, "EnvControllerAction")["Parameters"]).toEqual([]);
    expect(propertiesOf(compiled, "HTTPListenerRuleForImportedALB")).toMatchObject({ ListenerArn: "arn:http" });
    expect(resourcesOf(compiled)).toHaveProperty("EnvironmentSecurityGroupIngressFromImportedALB1");
    expect(propertiesOf(compiled, "AutoScalingPolicyALBSumRequestCountPerTarget")).toMatchObject({
      TargetTrackingScalingPolicyConfiguration: {
        CustomizedMetricSpecification: {
          Dimensions: [
            { Name: "LoadBalancer", Value: "app/main/1" },
            { Name: "TargetGroup", Value: { "Fn::GetAtt": ["TargetGroupForImportedALB", "TargetGroupFullName"] } },
          ],
        },
      },
    });
  });

  test("ends TLS at its network load balancer, where sessions cannot stick", () => {
    const { http: _http, ...spec } = webService({
      nlb: {
        listeners: [sampleListener({ protocol: "tls", stickiness: true }), sampleListener({ port: 53, protocol: "udp" })],
        aliases: [],
      },
    });
    const compiled = compileSample(spec, sampleFacts({ application: { account: "4", domain: "example.com" } }));
    expect(propertiesOf(compiled, "NLBListener")).toMatchObject({ Protocol: "TLS", SslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" });
    expect(propertiesOf(compiled, "NetworkLoadBalancerTargetGroup")).toMatchObject({
      Protocol: "TCP",
      TargetGroupAttributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "60" }],
    });
    expect(propertiesOf(compiled, "NetworkLoadBalancerTargetGroup1")["Protocol"]).toBe("UDP");
    expect(propertiesOf(compiled, "EnvControllerAction")["Parameters"]).toEqual(["Aliases"]);
    expect(compiled.parameters).toMatchObject({ NLBPort: "443", NLBAliases: "" });
  });
});

describe("tasks", () => {
  test("put sidecars behind the main container, with env files and images of their own", () => {
    const sidecar = sampleContainer({
      name: "log-shipper",
      image: { kind: "build", build: { dockerfile: "D", context: ".", args: {}, cacheFrom: [] } },
      ports: [],
    });
    const spec = sampleSpec({ task: sampleTask({ containers: [sampleContainer(), { ...sidecar, essential: false }] }) });
    const compiled = compileSample(
      spec,
      sampleFacts({ images: { "log-shipper": "repo:log-shipper-1" }, envFileArns: { "log-shipper": "arn:env" } }),
    );
    expect(propertiesOf(compiled, "TaskDefinition")["ContainerDefinitions"]).toMatchObject([
      { Name: { Ref: "WorkloadName" } },
      { Name: "log-shipper", Image: "repo:log-shipper-1", Essential: false },
    ]);
    expect(compiled.parameters["EnvFileARNForlogshipper"]).toBe("arn:env");
  });

  test("inject the outputs of addons as variables, secrets, policies and security groups", () => {
    const addons = {
      templateUrl: "https://bucket/addons.yml",
      variables: ["ordersTableName"],
      secrets: ["DBSecret"],
      policies: ["TablePolicy"],
      securityGroups: ["dbGroup"],
      parameters: { Size: { "Fn::Select": [0, { Ref: "Sizes" }] } },
    };
    const compiled = compileSample(sampleSpec(), sampleFacts({ addons }));
    const output = (name: string) => ({ "Fn::GetAtt": ["AddonsStack", `Outputs.${name}`] });
    expect(propertiesOf(compiled, "TaskDefinition")["ContainerDefinitions"]).toMatchObject([
      {
        Environment: expect.arrayContaining([{ Name: "ORDERS_TABLE_NAME", Value: output("ordersTableName") }]),
        Secrets: [{ Name: "DB_SECRET", ValueFrom: output("DBSecret") }],
      },
    ]);
    expect(propertiesOf(compiled, "TaskRole")["ManagedPolicyArns"]).toEqual([output("TablePolicy")]);
    expect(propertiesOf(compiled, "Service")).toMatchObject({
      NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: [expect.anything(), output("dbGroup")] } },
    });
    expect(propertiesOf(compiled, "AddonsStack")["Parameters"]).toMatchObject({ App: { Ref: "AppName" }, ...addons.parameters });
  });

  test("own their folder of the environment's file system by the checksum of the name", () => {
    const task = sampleTask({ volumes: [{ kind: "managed", name: "data" }] });
    const compiled = compileSample(sampleSpec({ task }));
    expect(propertiesOf(compiled, "AccessPoint")["PosixUser"]).toEqual({ Uid: "2902841359", Gid: "2902841359" });
    expect(propertiesOf(compiled, "EnvControllerAction")["Parameters"]).toEqual(["EFSWorkloads"]);
  });

  test("on Windows and on ARM name their platform; linux on x86_64 is left out", () => {
    const platformOf = (osFamily: string, architecture: string) => {
      const compiled = compileSample(sampleSpec({ task: sampleTask({ platform: { osFamily, architecture } }) }));
      return [propertiesOf(compiled, "TaskDefinition")["RuntimePlatform"], propertiesOf(compiled, "Service")["PlatformVersion"]];
    };
    expect(platformOf("WINDOWS_SERVER_2022_FULL", "X86_64")).toEqual([
      { OperatingSystemFamily: "WINDOWS_SERVER_2022_FULL", CpuArchitecture: "X86_64" },
      "1.0.0",
    ]);
    expect(platformOf("LINUX", "ARM64")).toEqual([{ OperatingSystemFamily: "LINUX", CpuArchitecture: "ARM64" }, "LATEST"]);
    expect(platformOf("LINUX", "X86_64")).toEqual([undefined, "LATEST"]);
  });

  test("keep an intrinsic function that somebody wrote where an ID belongs", () => {
    const network = {
      ...sampleSpec().network,
      securityGroups: [
        { kind: "value", value: "Fn::ImportValue: shared-group" },
        { kind: "value", value: "sg-1" },
      ] as const,
    };
    expect(propertiesOf(compileSample(sampleSpec({ network })), "Service")).toMatchObject({
      NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: [expect.anything(), { "Fn::ImportValue": "shared-group" }, "sg-1"] } },
    });
  });
});

describe("counts", () => {
  const serviceOf = (count: NonNullable<WorkloadSpec["count"]>) => compileSample(sampleSpec({ count }));

  test("on spot capacity run there alone", () => {
    const compiled = serviceOf({ kind: "spot", tasks: 3 });
    expect(propertiesOf(compiled, "Service")["CapacityProviderStrategy"]).toEqual([{ CapacityProvider: "FARGATE_SPOT", Weight: 1 }]);
    expect(propertiesOf(compiled, "Service")).not.toHaveProperty("LaunchType");
    expect(compiled.parameters["TaskCount"]).toBe("3");
  });

  test("keep their first tasks on dedicated capacity below spot_from", () => {
    const range = { kind: "autoscaling", min: 2, max: 8, cpu: { value: 70 } } as const;
    expect(propertiesOf(serviceOf({ ...range, spotFrom: 4 }), "Service")["CapacityProviderStrategy"]).toEqual([
      { CapacityProvider: "FARGATE_SPOT", Weight: 1 },
      { CapacityProvider: "FARGATE", Weight: 0, Base: 3 },
    ]);
    expect(propertiesOf(serviceOf({ ...range, spotFrom: 1 }), "Service")["CapacityProviderStrategy"]).toHaveLength(1);
  });

  test("take a metric's own cooldown, else the general one, else the default", () => {
    const compiled = serviceOf({
      kind: "autoscaling",
      min: 1,
      max: 2,
      cooldown: { in: 30 },
      cpu: { value: 70, cooldown: { out: 5 } },
      memory: { value: 80 },
    });
    const cooldowns = (metric: string) => propertiesOf(compiled, `AutoScalingPolicyECSServiceAverage${metric}Utilization`);
    expect(cooldowns("CPU")).toMatchObject({ TargetTrackingScalingPolicyConfiguration: { ScaleInCooldown: 30, ScaleOutCooldown: 5 } });
    expect(cooldowns("Memory")).toMatchObject({ TargetTrackingScalingPolicyConfiguration: { ScaleInCooldown: 30, ScaleOutCooldown: 60 } });
  });

  test("of a worker follow the backlog of every queue it has", () => {
    const queueDelay = { acceptableLatency: 1.1, messageProcessingTime: 0.1 };
    const spec = worker({
      count: { kind: "autoscaling", min: 1, max: 2, queueDelay },
      subscribes: { queue: {}, topics: [{ service: "front-end", name: "orders", queue: {} }] },
    });
    const compiled = compileSample(spec);
    for (const id of ["AutoScalingPolicyEventsQueue", "AutoScalingPolicyfrontendordersEventsQueue"])
      expect(propertiesOf(compiled, id)).toMatchObject({ TargetTrackingScalingPolicyConfiguration: { TargetValue: 11 } });
  });
});

describe("a Worker Service", () => {
  test("subscribes to FIFO topics with FIFO queues, and tells its containers the queues of topics", () => {
    const subscribes = {
      queue: { fifo: { highThroughput: true }, deadLetterTries: 3 },
      topics: [
        { service: "web", name: "orders", filterPolicy: { store: ["east"] } },
        { service: "web", name: "goodsIn", queue: { timeout: 20 } },
      ],
    };
    const compiled = compileSample(worker({ subscribes }));
    expect(propertiesOf(compiled, "EventsQueue")).toMatchObject({
      FifoQueue: true,
      FifoThroughputLimit: "perMessageGroupId",
      DeduplicationScope: "messageGroup",
      RedrivePolicy: { maxReceiveCount: 3 },
    });
    expect(propertiesOf(compiled, "webordersfifoSNSTopicSubscription")).toMatchObject({ FilterPolicy: { store: ["east"] } });
    expect(propertiesOf(compiled, "webgoodsInEventsQueue")).toEqual({ KmsMasterKeyId: { Ref: "EventsKMSKey" }, VisibilityTimeout: 20 });
    expect(propertiesOf(compiled, "TaskDefinition")["ContainerDefinitions"]).toMatchObject([
      {
        Environment: expect.arrayContaining([
          { Name: "COPILOT_QUEUE_URI", Value: { Ref: "EventsQueue" } },
          {
            Name: "COPILOT_TOPIC_QUEUE_URIS",
            Value: { "Fn::Sub": ['{"webGoodsinEventsQueue":"${webgoodsInURL}"}', { webgoodsInURL: { Ref: "webgoodsInEventsQueue" } }] },
          },
        ]),
      },
    ]);
  });
});

describe("a Scheduled Job", () => {
  const scheduleOf = (schedule: NonNullable<WorkloadSpec["job"]>["schedule"]) =>
    compileSample(job({ job: { schedule, scheduleText: "" } })).parameters["Schedule"];

  test("starts when EventBridge is told in its own words", () => {
    expect(scheduleOf({ kind: "rate", minutes: 1 })).toBe("rate(1 minute)");
    expect(scheduleOf({ kind: "rate", minutes: 90 })).toBe("rate(90 minutes)");
    expect(scheduleOf({ kind: "cron", expression: "0 9 * * 1-5" })).toBe("cron(0 9 ? * 2-6 *)");
    expect(scheduleOf({ kind: "cron", expression: "0 0 1 * *" })).toBe("cron(0 0 1 * ? *)");
    expect(scheduleOf({ kind: "cron", expression: "*/5 * * * *" })).toBe("cron(*/5 * * * ? *)");
    expect(scheduleOf({ kind: "cron", expression: "0 12 ? * SUN,WED" })).toBe("cron(0 12 ? * SUN,WED *)");
    expect(scheduleOf({ kind: "aws", expression: "cron(0 0 L * ? *)" })).toBe("cron(0 0 L * ? *)");
  });

  test("keeps its rule, switched off, when it never starts by itself", () => {
    const compiled = compileSample(job({ job: { schedule: { kind: "none" }, scheduleText: "none" } }));
    expect(propertiesOf(compiled, "Rule")).toMatchObject({ ScheduleExpression: "rate(5 minutes)", State: "DISABLED" });
    expect(compiled.parameters["Schedule"]).toBe("none");
  });

  test("is tried again and ended in time by its state machine", () => {
    const compiled = compileSample(job({ job: { schedule: { kind: "none" }, scheduleText: "none", timeout: 3600, retries: 2 } }));
    const text = propertiesOf(compiled, "StateMachine")["DefinitionString"];
    const definition: unknown = JSON.parse(typeof text === "string" ? text : "");
    expect(definition).toMatchObject({ TimeoutSeconds: 3600, States: { "Run Fargate Task": { Retry: [{ MaxAttempts: 2 }] } } });
  });
});

describe("a Request-Driven Web Service", () => {
  test("pulls a private image by a role, and has parameters only for the health check it asks for", () => {
    const spec = requestDriven({ requestDriven: { port: 8080, healthCheck: { path: "/ok", interval: 5 }, private: false, tags: {} } });
    const compiled = compileSample(spec, sampleFacts({ images: { api: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/api:1" } }));
    expect(compiled.parameters).toMatchObject({ ImageRepositoryType: "ECR", HealthCheckPath: "/ok", HealthCheckInterval: "5" });
    expect(compiled.parameters).not.toHaveProperty("HealthCheckTimeout");
    expect(resourcesOf(compiled)).not.toHaveProperty("EnvControllerAction");
  });

  test("that is private and placed in the network has a way in and a way out", () => {
    const spec = requestDriven({
      network: { placement: { kind: "private" }, securityGroups: [], denyDefaultSecurityGroup: false },
      requestDriven: { port: 8080, healthCheck: {}, private: true, tags: { team: "a" } },
    });
    const compiled = compileSample(spec);
    expect(propertiesOf(compiled, "EnvControllerAction")["Parameters"]).toEqual(["AppRunnerPrivateWorkloads", "NATWorkloads"]);
    expect(resourcesOf(compiled)["VpcConnector"]).toMatchObject({ DependsOn: "EnvControllerAction" });
    expect(propertiesOf(compiled, "AppRunnerVpcIngressConnection")["Tags"]).toContainEqual({ Key: "team", Value: "a" });
  });

  test("cannot run an image that is not in Amazon ECR", () => {
    const spec = requestDriven({ task: sampleTask() });
    expect(compileWorkload(spec, sampleFacts())).toMatchObject({ ok: false, diagnostics: [{ code: "image-not-in-ecr" }] });
  });
});

describe("a Static Site", () => {
  test("has a name of the application's domain, with records and certificate of its own", () => {
    const facts = sampleFacts({ application: { account: "4", domain: "example.com" }, siteMapping: { bucket: "b", key: "mapping" } });
    const compiled = compileSample(site(), facts);
    expect(propertiesOf(compiled, "CloudFrontDistribution")["DistributionConfig"]).toMatchObject({
      Aliases: ["pages.test.shop.example.com"],
      ViewerCertificate: { AcmCertificateArn: { Ref: "CertificateValidatorAction" } },
    });
    expect(resourcesOf(compiled)["TriggerStateMachineAction"]).toMatchObject({
      DependsOn: expect.arrayContaining(["CustomDomainAction"]),
      Properties: { AssetMappingFilePath: "mapping" },
    });
  });

  test("with a certificate of the user's leaves the records to them", () => {
    const spec = site({ site: { files: [], alias: "www.example.org", certificate: "arn:cert" } });
    const compiled = compileSample(spec);
    expect(resourcesOf(compiled)).not.toHaveProperty("CustomDomainAction");
    expect(compiled.document["Outputs"]).toHaveProperty("CloudFrontDistributionAlternativeDomainName");
  });
});

test("a permissions boundary bounds every role of every type", () => {
  const facts = sampleFacts({
    application: { account: "4", domain: "example.com", permissionsBoundary: "limits" },
    siteMapping: { bucket: "b", key: "k" },
  });
  const scaling = { kind: "autoscaling", min: 1, max: 2, cpu: { value: 50 } } as const;
  const nlb = { listeners: [sampleListener({ protocol: "tls" })], aliases: [{ name: "nlb.example.com" }] } as const;
  const queueDelay = { acceptableLatency: 10, messageProcessingTime: 1 };
  const specs = [
    webService({ count: scaling, nlb }),
    sampleSpec({ count: scaling }),
    worker({ count: { ...scaling, queueDelay } }),
    job(),
    requestDriven({ requestDriven: { port: 1, healthCheck: {}, private: true, tags: {}, alias: "api.example.com" } }),
    site(),
  ];
  const boundary = { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/limits" };
  const roles = specs.flatMap((spec) =>
    Object.values(resourcesOf(compileSample(spec, facts))).filter((made) => isJsonObject(made) && made["Type"] === "AWS::IAM::Role"),
  );
  expect(roles.length).toBeGreaterThan(25);
  for (const role of roles) expect(role).toMatchObject({ Properties: { PermissionsBoundary: boundary } });
});

test("a stack's name is cut to what CloudFormation allows", () => {
  expect(workloadStackName("shop", "test", "api")).toBe("shop-test-api");
  expect(workloadStackName("a".repeat(60), "b".repeat(60), "c".repeat(60))).toHaveLength(128);
});
