import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { ImportedLoadBalancer } from "../../../src/targets/aws/workload-facts.ts";

/** A stack of the fake. */
export interface FakeStack {
  readonly name: string;
  readonly region: string;
  readonly stackId: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Text of the template. */
  readonly template: string;
  /** Text of its metadata; empty without any. */
  readonly metadata: string;
  /** Resources by logical ID, with their IDs on AWS. */
  readonly resources?: Readonly<Record<string, string>>;
  /** Types of the resources by logical ID. */
  readonly resourceTypes?: Readonly<Record<string, string>>;
  /** ARN of the only role that may see it; unset for whoever has keys of the home account. */
  readonly visibleTo?: string;
}

/** What an account holds. */
export interface FakeAwsState {
  readonly parameters: Map<string, string>;
  readonly roles: Set<string>;
  readonly stacks: FakeStack[];
  /** Stacks by the name of their StackSet. */
  readonly stackSets: Map<string, FakeStack[]>;
  readonly certificates: Map<string, readonly string[]>;
  readonly loadBalancers: ImportedLoadBalancer[];
  readonly tagged: { readonly type: string; readonly arn: string; readonly tags: Readonly<Record<string, string>> }[];
  readonly subnets: { readonly id: string; readonly vpc: string; readonly tags: Readonly<Record<string, string>> }[];
  readonly prefixLists: Map<string, string>;
  readonly objects: Map<string, string>;
  /** Answers of ECS by family, of App Runner by ARN and of CodePipeline by name. */
  readonly described: Map<string, object>;
  /** ARNs of connections to code by name. */
  readonly connections: Map<string, string>;
  /** Calls that are refused to everybody, e.g. `ecr GetAuthorizationToken`. */
  readonly denied: Set<string>;
  /** Names of the repositories that exist in ECR. */
  readonly repositories: Set<string>;
  /** Calls in their order, e.g. `ssm GetParameter`. */
  readonly calls: string[];
}

/** A fake that listens. */
export interface FakeAws {
  readonly url: string;
  readonly state: FakeAwsState;
  readonly close: () => Promise<void>;
}

/** Nothing. */
export const emptyAws = (): FakeAwsState => ({
  parameters: new Map(),
  roles: new Set(),
  stacks: [],
  stackSets: new Map(),
  certificates: new Map(),
  loadBalancers: [],
  tagged: [],
  subnets: [],
  prefixLists: new Map(),
  objects: new Map(),
  described: new Map(),
  connections: new Map(),
  denied: new Set(),
  repositories: new Set(),
  calls: [],
});

/** AWS on loopback as `fake-aws.md` describes it. */
export async function startFakeAws(state: FakeAwsState): Promise<FakeAws> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => respond(response, answer(state, request, Buffer.concat(chunks).toString("utf8"))));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the fake has no port");
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${address.port}`, state, close };
}

interface Answer {
  readonly status: number;
  readonly type: "json" | "xml" | "none";
  readonly body: string;
}

/** A request as the fake understands it. */
interface Call {
  readonly region: string;
  readonly service: string;
  /** ARN of the role whose keys signed it; unset for the home account's own. */
  readonly role: string | undefined;
}

const types = { json: "application/x-amz-json-1.1", xml: "text/xml", none: "text/plain" } as const;

function respond(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { "content-type": types[type], "content-length": Buffer.byteLength(body), "x-amzn-requestid": "fake" });
  response.end(body);
}

const json = (body: object, status = 200): Answer => ({ status, type: "json", body: JSON.stringify(body) });
const jsonError = (code: string): Answer => json({ __type: code, message: code }, 400);
const xmlError = (code: string, message: string, status = 400): Answer => ({
  status,
  type: "xml",
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${escape(message)}</Message></Error><RequestId>fake</RequestId></ErrorResponse>`,
});
const xml = (action: string, result: string): Answer => ({
  status: 200,
  type: "xml",
  body: `<${action}Response><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>fake</RequestId></ResponseMetadata></${action}Response>`,
});
const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const element = (name: string, text: string): string => `<${name}>${escape(text)}</${name}>`;
const members = (items: readonly string[]): string => items.map((item) => `<member>${item}</member>`).join("");

function answer(state: FakeAwsState, request: IncomingMessage, body: string): Answer {
  const scope = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? "");
  const [, key = "", region = "", service = ""] = scope ?? [];
  if (scope === null) return xmlError("MissingAuthenticationToken", "the request is not signed", 403);
  const call = { region, service, role: [...state.roles].find((role) => keyOf(role) === key) };
  if (service === "s3") return answerObjects(state, call, { request, body });
  const target = String(request.headers["x-amz-target"] ?? "");
  const action = target === "" ? (new URLSearchParams(body).get("Action") ?? "") : (target.split(".").at(-1) ?? "");
  state.calls.push(`${service} ${action}`);
  if (state.denied.has(`${service} ${action}`))
    return target === "" ? xmlError("AccessDenied", "denied", 403) : jsonError("AccessDeniedException");
  if (target !== "") return answerJson(state, action, JSON.parse(body === "" ? "{}" : body));
  return answerQuery(state, call, new URLSearchParams(body));
}

/** The access key of a role. */
const keyOf = (role: string): string => `ASIA${Buffer.from(role).toString("hex").toUpperCase().slice(-40)}`;

interface ObjectRequest {
  readonly request: IncomingMessage;
  readonly body: string;
}

function answerObjects(state: FakeAwsState, { role }: Call, { request: { method = "", url = "" }, body }: ObjectRequest): Answer {
  const path = decodeURIComponent(url.split("?")[0] ?? "");
  state.calls.push(`s3 ${method}`);
  if (method !== "PUT" && role !== undefined) return { status: 403, type: "none", body: "" };
  if (method === "PUT") state.objects.set(path, body);
  return { status: state.objects.has(path) ? 200 : 404, type: "none", body: "" };
}

function answerJson(state: FakeAwsState, action: string, input: Readonly<Record<string, unknown>>): Answer {
  switch (action) {
    case "GetParameter": {
      const name = String(input["Name"]);
      const value = state.parameters.get(name);
      return value === undefined ? jsonError("ParameterNotFound") : json({ Parameter: { Name: name, Type: "String", Value: value } });
    }
    case "GetParametersByPath": {
      const path = String(input["Path"]);
      const from = Number(input["NextToken"] ?? 0);
      const all = [...state.parameters].filter(([name]) => name.startsWith(path) && !name.slice(path.length).includes("/"));
      const page = all.slice(from, from + 10).map(([name, value]) => ({ Name: name, Type: "String", Value: value }));
      return json({ Parameters: page, ...(from + 10 < all.length ? { NextToken: String(from + 10) } : {}) });
    }
    case "DescribeCertificate": {
      const arn = String(input["CertificateArn"]);
      const names = state.certificates.get(arn);
      if (names === undefined) return jsonError("ResourceNotFoundException");
      return json({ Certificate: { CertificateArn: arn, DomainName: names[0], SubjectAlternativeNames: names } });
    }
    case "DescribeTaskDefinition":
      return describe(state, input["taskDefinition"], { __type: "ClientException", message: "Unable to describe task definition." });
    case "DescribeService":
      return describe(state, input["ServiceArn"], { __type: "ResourceNotFoundException" });
    case "GetPipeline":
      return describe(state, input["name"], { __type: "PipelineNotFoundException" });
    case "ListConnections":
      return json({ Connections: [...state.connections].map(([ConnectionName, ConnectionArn]) => ({ ConnectionName, ConnectionArn })) });
    case "GetAuthorizationToken":
      return json({ authorizationData: [{ authorizationToken: Buffer.from("AWS:registry-password").toString("base64") }] });
    case "DescribeRepositories": {
      const [name] = listOf(input["repositoryNames"]).map(String);
      if (name === undefined || !state.repositories.has(name)) return jsonError("RepositoryNotFoundException");
      return json({ repositories: [{ repositoryName: name, repositoryUri: `registry.test/${name}` }] });
    }
    case "GetResources":
      return json({ ResourceTagMappingList: taggedResources(state, input) });
    default:
      return jsonError("UnknownOperationException");
  }
}

function describe({ described }: FakeAwsState, name: unknown, missing: object): Answer {
  const found = described.get(String(name));
  return found === undefined ? json(missing, 400) : json(found);
}

function taggedResources(state: FakeAwsState, input: Readonly<Record<string, unknown>>) {
  const wanted = new Set(listOf(input["ResourceTypeFilters"]).map(String));
  const filters = listOf(input["TagFilters"]).map((filter) => ({
    key: String(field(filter, "Key")),
    values: listOf(field(filter, "Values")),
  }));
  return state.tagged
    .filter(({ type }) => wanted.has(type))
    .filter(({ tags }) => filters.every(({ key, values }) => key in tags && (values.length === 0 || values.includes(tags[key]))))
    .map(({ arn, tags }) => ({ ResourceARN: arn, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }));
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && name in value ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;

function answerQuery(state: FakeAwsState, call: Call, input: URLSearchParams): Answer {
  const action = input.get("Action") ?? "";
  switch (action) {
    case "AssumeRole":
      return assumeRole(state, input.get("RoleArn") ?? "");
    case "DescribeStacks":
    case "DescribeStackResource":
    case "ListStackResources":
    case "GetTemplateSummary":
    case "GetTemplate":
      return answerStack(state, call, input);
    case "ListStackInstances":
      return listInstances(state, input);
    case "DescribeLoadBalancers":
    case "DescribeListeners":
      return answerLoadBalancer(state, input);
    case "DescribeSubnets":
      return ec2(action, `<subnetSet>${subnetsOf(state, input)}</subnetSet>`);
    case "DescribeManagedPrefixLists": {
      const id = state.prefixLists.get(input.get("Filter.1.Value.1") ?? "");
      const item = id === undefined ? "" : `<item>${element("prefixListId", id)}</item>`;
      return ec2(action, `<prefixListSet>${item}</prefixListSet>`);
    }
    default:
      return xmlError("InvalidAction", `the fake has no ${action}`);
  }
}

const ec2 = (action: string, inner: string): Answer => ({
  status: 200,
  type: "xml",
  body: `<${action}Response><requestId>fake</requestId>${inner}</${action}Response>`,
});

function assumeRole(state: FakeAwsState, role: string): Answer {
  if (!state.roles.has(role)) return xmlError("AccessDenied", `not authorized to perform: sts:AssumeRole on resource: ${role}`, 403);
  const expiration = new Date(Date.now() + 900_000).toISOString();
  const fields = { AccessKeyId: keyOf(role), SecretAccessKey: "secret", SessionToken: "token", Expiration: expiration };
  const credentials = Object.entries(fields).map(([name, text]) => element(name, text));
  return xml("AssumeRole", `<Credentials>${credentials.join("")}</Credentials>`);
}

function answerStack(state: FakeAwsState, { region, role }: Call, input: URLSearchParams): Answer {
  const action = input.get("Action") ?? "";
  const wanted = input.get("StackName") ?? "";
  const all = [...state.stacks, ...[...state.stackSets.values()].flat()];
  const stack = all.find((each) => each.region === region && (each.name === wanted || each.stackId === wanted));
  if (stack === undefined) return xmlError("ValidationError", `Stack with id ${wanted} does not exist`);
  if (stack.visibleTo !== undefined && stack.visibleTo !== role) return xmlError("AccessDenied", `not authorized to see ${wanted}`, 403);
  if (action === "ListStackResources") return listResources(stack);
  if (action === "DescribeStackResource") return answerResource(stack, input.get("LogicalResourceId") ?? "");
  if (action === "GetTemplate") return xml(action, element("TemplateBody", stack.template));
  if (action === "GetTemplateSummary") return xml(action, stack.metadata === "" ? "" : element("Metadata", stack.metadata));
  const pairs = (kind: string, values: Readonly<Record<string, string>>, prefix = kind) =>
    members(Object.entries(values).map(([key, value]) => `${element(`${prefix}Key`, key)}${element(`${prefix}Value`, value)}`));
  const tags = members(Object.entries(stack.tags).map(([key, value]) => `${element("Key", key)}${element("Value", value)}`));
  const fields = [
    element("StackName", stack.name),
    element("StackId", stack.stackId),
    element("StackStatus", "UPDATE_COMPLETE"),
    element("CreationTime", "2026-01-01T00:00:00Z"),
    `<Parameters>${pairs("Parameter", stack.parameters)}</Parameters>`,
    `<Outputs>${pairs("Output", stack.outputs)}</Outputs>`,
    `<Tags>${tags}</Tags>`,
  ];
  return xml(action, `<Stacks>${members([fields.join("")])}</Stacks>`);
}

function listResources({ resources = {}, resourceTypes = {} }: FakeStack): Answer {
  const summaries = Object.entries(resources).map(([logicalId, physicalId]) => {
    const type = resourceTypes[logicalId] ?? "AWS::CloudFormation::Stack";
    return element("LogicalResourceId", logicalId) + element("PhysicalResourceId", physicalId) + element("ResourceType", type);
  });
  return xml("ListStackResources", `<StackResourceSummaries>${members(summaries)}</StackResourceSummaries>`);
}

function answerResource({ name, resources = {} }: FakeStack, logicalId: string): Answer {
  const physicalId = resources[logicalId];
  if (physicalId === undefined) return xmlError("ValidationError", `Resource ${logicalId} does not exist for stack ${name}`);
  const detail = element("LogicalResourceId", logicalId) + element("PhysicalResourceId", physicalId);
  return xml("DescribeStackResource", `<StackResourceDetail>${detail}</StackResourceDetail>`);
}

function listInstances(state: FakeAwsState, input: URLSearchParams): Answer {
  const stacks = state.stackSets.get(input.get("StackSetName") ?? "");
  if (stacks === undefined) return xmlError("StackSetNotFoundException", "StackSet not found", 404);
  const region = input.get("StackInstanceRegion");
  const fitting = stacks.filter((stack) => region === null || stack.region === region);
  const summaries = fitting.map((stack) => element("Region", stack.region) + element("Account", "1") + element("StackId", stack.stackId));
  return xml("ListStackInstances", `<Summaries>${members(summaries)}</Summaries>`);
}

function answerLoadBalancer(state: FakeAwsState, input: URLSearchParams): Answer {
  if (input.get("Action") === "DescribeListeners") {
    const of = state.loadBalancers.find(({ arn }) => arn === input.get("LoadBalancerArn"));
    const listeners = (of?.listeners ?? []).map(
      ({ arn, port, protocol }) => element("ListenerArn", arn) + element("Port", String(port)) + element("Protocol", protocol),
    );
    return xml("DescribeListeners", `<Listeners>${members(listeners)}</Listeners>`);
  }
  const wanted = new Set([input.get("Names.member.1"), input.get("LoadBalancerArns.member.1")]);
  const found = state.loadBalancers.find(({ name, arn }) => wanted.has(name) || wanted.has(arn));
  if (found === undefined) return xmlError("LoadBalancerNotFound", "One or more load balancers not found");
  const { arn, name, dnsName, hostedZoneId, securityGroups } = found;
  const fields = { LoadBalancerArn: arn, LoadBalancerName: name, DNSName: dnsName, CanonicalHostedZoneId: hostedZoneId };
  const texts = Object.entries(fields).map(([key, text]) => element(key, text));
  const groups = `<SecurityGroups>${members(securityGroups.map(escape))}</SecurityGroups>`;
  return xml("DescribeLoadBalancers", `<LoadBalancers>${members([texts.join("") + groups])}</LoadBalancers>`);
}

function subnetsOf(state: FakeAwsState, input: URLSearchParams): string {
  const filters = [1, 2, 3, 4, 5].flatMap((index) => {
    const name = input.get(`Filter.${index}.Name`);
    const values = [1, 2, 3, 4, 5].flatMap((place) => input.get(`Filter.${index}.Value.${place}`) ?? []);
    return name === null ? [] : [{ name, values }];
  });
  const fits = ({ vpc, tags }: FakeAwsState["subnets"][number]): boolean =>
    filters.every(({ name, values }) => {
      if (name === "vpc-id") return values.includes(vpc);
      if (name === "tag-key") return values.some((key) => key in tags);
      return values.includes(tags[name.replace(/^tag:/, "")] ?? "");
    });
  return state.subnets
    .filter(fits)
    .map(({ id }) => `<item>${element("subnetId", id)}</item>`)
    .join("");
}
