import type { ContainerSpec, HttpRule, TaskSpec, WorkloadSpec } from "../../src/model/workload-spec.ts";

/** The main container of the sample workloads, listening on port 8080. */
export const sampleContainer = (changes: Partial<ContainerSpec> = {}): ContainerSpec => ({
  name: "api",
  image: { kind: "location", location: "example/api:1" },
  essential: true,
  ports: [{ port: 8080, protocol: "tcp" }],
  ownPort: 8080,
  variables: {},
  secrets: {},
  dependsOn: {},
  mountPoints: [],
  labels: {},
  ...changes,
});

/** A task of one container. */
export const sampleTask = (changes: Partial<TaskSpec> = {}): TaskSpec => ({
  containers: [sampleContainer()],
  cpu: 256,
  memory: 512,
  readonlyRootFilesystem: false,
  volumes: [],
  exec: false,
  logRetentionDays: 30,
  taskDefinitionOverrides: [],
  ...changes,
});

/** A Backend Service without anything special. */
export const sampleSpec = (changes: Partial<WorkloadSpec> = {}): WorkloadSpec => ({
  application: "shop",
  environment: "test",
  name: "api",
  type: "Backend Service",
  manifest: "name: api\n",
  task: sampleTask(),
  count: { kind: "fixed", tasks: 1 },
  network: { placement: { kind: "public" }, securityGroups: [], denyDefaultSecurityGroup: false },
  publishes: [],
  ...changes,
});

/** A rule that sends everything to the main container. */
export const sampleRule = (changes: Partial<HttpRule> = {}): HttpRule => ({
  path: "/",
  aliases: [],
  targetContainer: "api",
  targetPort: 8080,
  healthCheck: {},
  stickiness: false,
  deregistrationDelay: 60,
  allowedSourceIps: [],
  redirectToHttps: true,
  ...changes,
});
