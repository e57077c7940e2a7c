import {
  CloudFormationClient,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  paginateListStackInstances,
  paginateListStackResources,
} from "@aws-sdk/client-cloudformation";
import { clientSettings, type AwsConnection } from "./connection.ts";
import { calling, strangeAnswer } from "./to-problem.ts";

/** A stack as CloudFormation describes it. */
export interface DeployedStack {
  readonly name: string;
  /** E.g. `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Something that a stack made. */
export interface StackResource {
  readonly type: string;
  readonly physicalId: string;
  readonly logicalId: string;
}

/** The stack of a StackSet in one region. */
export interface StackInstance {
  readonly region: string;
  readonly account: string;
  /** ARN of the stack. */
  readonly stackId: string;
}

/** Stacks of CloudFormation. What does not exist is `undefined`. */
export interface Stacks {
  /** By name or ARN. */
  readonly describe: (stack: string) => Promise<DeployedStack | undefined>;
  /** The text of the template's `Metadata`, YAML or JSON; empty without any. */
  readonly metadata: (stack: string) => Promise<string | undefined>;
  /** The template as it was handed over. */
  readonly template: (stack: string) => Promise<string | undefined>;
  readonly resources: (stack: string) => Promise<readonly StackResource[] | undefined>;
  /** ID on AWS of a resource of a stack; of a nested stack its ARN. */
  readonly physicalId: (stack: string, logicalId: string) => Promise<string | undefined>;
  /** Those of a StackSet, of one region when it is given. */
  readonly instances: (stackSet: string, region?: string) => Promise<readonly StackInstance[]>;
}

/** The stacks of a region. */
export function openStacks(connection: AwsConnection): Stacks {
  const client = new CloudFormationClient(clientSettings(connection));
  return {
    describe: (stack) =>
      calling(`describe the stack ${stack}`, () =>
        unlessMissing(async () => {
          const [found] = (await client.send(new DescribeStacksCommand({ StackName: stack }))).Stacks ?? [];
          // For a stack that is not there AWS has an error.
          if (found === undefined) throw strangeAnswer(`describe the stack ${stack}`, "it names no stack and no error");
          return {
            name: found.StackName ?? "",
            status: found.StackStatus ?? "",
            parameters: Object.fromEntries((found.Parameters ?? []).map((each) => [each.ParameterKey ?? "", each.ParameterValue ?? ""])),
            outputs: Object.fromEntries((found.Outputs ?? []).map((each) => [each.OutputKey ?? "", each.OutputValue ?? ""])),
            tags: Object.fromEntries((found.Tags ?? []).map((each) => [each.Key ?? "", each.Value ?? ""])),
          };
        }),
      ),
    metadata: (stack) =>
      calling(`read the template of the stack ${stack}`, () =>
        unlessMissing(async () => (await client.send(new GetTemplateSummaryCommand({ StackName: stack }))).Metadata ?? ""),
      ),
    template: (stack) =>
      calling(`read the template of the stack ${stack}`, () =>
        unlessMissing(
          async () => (await client.send(new GetTemplateCommand({ StackName: stack, TemplateStage: "Original" }))).TemplateBody ?? "",
        ),
      ),
    resources: (stack) => calling(`list what the stack ${stack} made`, () => unlessMissing(() => listResources(client, stack))),
    physicalId: (stack, logicalId) =>
      calling(`look for ${logicalId} in the stack ${stack}`, () =>
        unlessMissing(async () => {
          const command = new DescribeStackResourceCommand({ StackName: stack, LogicalResourceId: logicalId });
          return (await client.send(command)).StackResourceDetail?.PhysicalResourceId;
        }),
      ),
    instances: (stackSet, region) =>
      calling(`list the stacks of the StackSet ${stackSet}`, async () => {
        const found: StackInstance[] = [];
        const input = { StackSetName: stackSet, ...(region === undefined ? {} : { StackInstanceRegion: region }) };
        for await (const { Summaries: summaries } of paginateListStackInstances({ client }, input))
          for (const { Region: at = "", Account: account = "", StackId: stackId } of summaries ?? [])
            if (stackId !== undefined) found.push({ region: at, account, stackId });
        return found;
      }),
  };
}

async function listResources(client: CloudFormationClient, stack: string): Promise<readonly StackResource[]> {
  const found: StackResource[] = [];
  for await (const { StackResourceSummaries: page } of paginateListStackResources({ client }, { StackName: stack }))
    for (const { ResourceType: type = "", PhysicalResourceId: physicalId = "", LogicalResourceId: logicalId = "" } of page ?? [])
      found.push({ type, physicalId, logicalId });
  return found;
}

/** CloudFormation answers with a `ValidationError` of these words where a stack, or a resource of one, is not there. */
async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && error.name === "ValidationError" && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
}
