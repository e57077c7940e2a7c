import type { AwsConnection } from "./connection.ts";
import { fieldOf, membersOf, openQueryService, textOf } from "./service-calls.ts";
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
  const call = openQueryService("cloudformation", "2010-05-15", connection);
  const pages = (action: string, input: Readonly<Record<string, string>>, list: string) =>
    allPages((more) => call(action, { ...input, ...more }), list);
  return {
    describe: (stack) =>
      calling(`describe the stack ${stack}`, () =>
        unlessMissing(async () => {
          const [found] = membersOf(await call("DescribeStacks", { StackName: stack }), "Stacks");
          // For a stack that is not there AWS has an error.
          if (found === undefined) throw strangeAnswer(`describe the stack ${stack}`, "it names no stack and no error");
          return toDeployedStack(found);
        }),
      ),
    metadata: (stack) =>
      calling(`read the template of the stack ${stack}`, () =>
        unlessMissing(async () => textOf(await call("GetTemplateSummary", { StackName: stack }), "Metadata")),
      ),
    template: (stack) =>
      calling(`read the template of the stack ${stack}`, () =>
        unlessMissing(async () => textOf(await call("GetTemplate", { StackName: stack, TemplateStage: "Original" }), "TemplateBody")),
      ),
    resources: (stack) =>
      calling(`list what the stack ${stack} made`, () =>
        unlessMissing(async () =>
          (await pages("ListStackResources", { StackName: stack }, "StackResourceSummaries")).map((each) => ({
            type: textOf(each, "ResourceType"),
            physicalId: textOf(each, "PhysicalResourceId"),
            logicalId: textOf(each, "LogicalResourceId"),
          })),
        ),
      ),
    physicalId: (stack, logicalId) =>
      calling(`look for ${logicalId} in the stack ${stack}`, () =>
        unlessMissing(async () => {
          const answer = await call("DescribeStackResource", { StackName: stack, LogicalResourceId: logicalId });
          return textOf(fieldOf(answer, "StackResourceDetail"), "PhysicalResourceId") || undefined;
        }),
      ),
    instances: (stackSet, region) =>
      calling(`list the stacks of the StackSet ${stackSet}`, async () => {
        const input = { StackSetName: stackSet, ...(region === undefined ? {} : { StackInstanceRegion: region }) };
        return (await pages("ListStackInstances", input, "Summaries"))
          .map((each) => ({ region: textOf(each, "Region"), account: textOf(each, "Account"), stackId: textOf(each, "StackId") }))
          .filter(({ stackId }) => stackId !== "");
      }),
  };
}

const toDeployedStack = (stack: unknown): DeployedStack => {
  const pairs = (list: string, key: string, value: string) =>
    Object.fromEntries(membersOf(stack, list).map((each) => [textOf(each, key), textOf(each, value)]));
  return {
    name: textOf(stack, "StackName"),
    status: textOf(stack, "StackStatus"),
    parameters: pairs("Parameters", "ParameterKey", "ParameterValue"),
    outputs: pairs("Outputs", "OutputKey", "OutputValue"),
    tags: pairs("Tags", "Key", "Value"),
  };
};

/** What a list has on all of its pages. */
async function allPages(page: (more: Readonly<Record<string, string>>) => Promise<unknown>, list: string): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (let next = "", first = true; first || next !== ""; first = false) {
    const answer = await page(next === "" ? {} : { NextToken: next });
    found.push(...membersOf(answer, list));
    next = textOf(answer, "NextToken");
  }
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
