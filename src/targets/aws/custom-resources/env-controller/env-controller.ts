import { MAX_ANSWER_BYTES, toAnswerBody } from "../lambda/answer.ts";
import type { CustomResource, Made, Work } from "../lambda/custom-resource.ts";
import { readText, readTexts, type CustomResourceEvent } from "../lambda/event.ts";
import type { Wait } from "../lambda/wait.ts";
import { changedParameters, type FeatureRequest, type StackParameters } from "./feature-parameters.ts";

/** An environment stack as it stands. */
export interface EnvironmentStack {
  readonly status: string;
  readonly parameters: StackParameters;
  readonly outputs: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
}

/** A change of parameters under the template that is there. */
export interface ParameterUpdate {
  readonly changed: StackParameters;
  /** Names of the parameters that keep their values. */
  readonly kept: readonly string[];
  readonly roleArn: string | undefined;
  readonly capabilities: readonly string[];
}

/** The calls of CloudFormation that the function makes. */
export interface EnvironmentStacks {
  /** `undefined` when there is no such stack. */
  readonly describe: (name: string) => Promise<EnvironmentStack | undefined>;
  /** `busy` when somebody else is updating the stack; `unchanged` when CloudFormation finds nothing to do. */
  readonly update: (name: string, update: ParameterUpdate) => Promise<"started" | "busy" | "unchanged">;
}

const POLL_MILLISECONDS = 15_000;

/** Outputs that no workload reads and that would make workloads update when they change. */
const NEVER_ANSWERED: ReadonlySet<string> = new Set(["EnabledFeatures", "LastForceDeployID"]);

/** Outputs to leave out first when the answer becomes too long: no workload template reads them from here. */
const LEFT_OUT_FIRST = [
  "PrivateRouteTableIDs",
  "PublicRouteTableID",
  "InternetGatewayID",
  "EnvironmentManagerRoleARN",
  "CFNExecutionRoleARN",
  "DefaultHTTPTargetGroupArn",
  "PublicSubnets",
  "PrivateSubnets",
  "VpcId",
  "ClusterId",
  "ServiceDiscoveryNamespaceID",
];

/** Puts a workload on the lists of an environment's features, or takes it off, and answers with the environment's outputs. */
export function envController(stacks: EnvironmentStacks): CustomResource {
  const apply = async ({ event, wait }: Work): Promise<Made> => {
    const name = readText(event.ResourceProperties, "EnvStack");
    const stack = await settle({ stacks, wait, name, request: toRequest(event) });
    if (stack === undefined) throw new Error(`Cannot find environment stack ${name}`);
    return { data: answerableOutputs(event, stack.outputs) };
  };
  return {
    deadlineMinutes: 14.5,
    physicalResourceId: toPhysicalResourceId,
    create: apply,
    update: apply,
    delete: async ({ event, wait }) => {
      const request = { workload: readText(event.ResourceProperties, "Workload"), parameters: [], aliases: [] };
      await settle({ stacks, wait, name: readText(event.ResourceProperties, "EnvStack"), request });
    },
  };
}

/** The spelling is that of live stacks: another one would delete and create the resource anew. */
function toPhysicalResourceId({ PhysicalResourceId: existing, ResourceProperties: properties }: CustomResourceEvent): string {
  return existing ?? `envcontoller/${String(properties["EnvStack"])}/${String(properties["Workload"])}`;
}

function toRequest({ ResourceProperties: properties }: CustomResourceEvent): FeatureRequest {
  return {
    workload: readText(properties, "Workload"),
    parameters: readTexts(properties, "Parameters"),
    aliases: readTexts(properties, "Aliases"),
  };
}

interface Settling {
  readonly stacks: EnvironmentStacks;
  readonly wait: Wait;
  readonly name: string;
  readonly request: FeatureRequest;
}

/** Goes on until the stack has what was asked for; only the deadline ends the waiting for others' updates. */
async function settle(settling: Settling): Promise<EnvironmentStack | undefined> {
  const { stacks, name, request } = settling;
  for (;;) {
    const stack = await stacks.describe(name);
    if (stack === undefined) return undefined;
    const changed = changedParameters(stack.parameters, request);
    if (Object.keys(changed).length === 0) return stack;

    const kept = Object.keys(stack.parameters).filter((parameter) => changed[parameter] === undefined);
    const roleArn = stack.outputs["CFNExecutionRoleARN"];
    const result = await stacks.update(name, { changed, kept, roleArn, capabilities: stack.capabilities });
    if (result === "unchanged") return stack;
    const after = await untilStill(settling);
    if (result === "busy") continue;
    if (after?.status !== "UPDATE_COMPLETE")
      throw new Error(`The update of environment stack ${name} ended as ${after?.status ?? "deleted"}`);
    return after;
  }
}

async function untilStill({ stacks, name, wait }: Settling): Promise<EnvironmentStack | undefined> {
  for (;;) {
    await wait(POLL_MILLISECONDS);
    const look = await lookAt(stacks, name);
    if (look !== undefined && !look.stack?.status.endsWith("_IN_PROGRESS")) return look.stack;
  }
}

/** `undefined` when the look failed: the update goes on whether or not it is seen, so the next look decides, or the deadline. */
async function lookAt(stacks: EnvironmentStacks, name: string): Promise<{ readonly stack: EnvironmentStack | undefined } | undefined> {
  try {
    return { stack: await stacks.describe(name) };
  } catch {
    return undefined;
  }
}

function answerableOutputs(event: CustomResourceEvent, outputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  let kept = Object.entries(outputs).filter(([name]) => !NEVER_ANSWERED.has(name));
  const leaveOut = [...LEFT_OUT_FIRST];
  while (answerSize(event, kept) > MAX_ANSWER_BYTES && leaveOut.length > 0) {
    const next = leaveOut.shift();
    kept = kept.filter(([name]) => name !== next);
  }
  return Object.fromEntries(kept);
}

function answerSize(event: CustomResourceEvent, entries: readonly (readonly [string, string])[]): number {
  const outcome = { status: "SUCCESS", physicalResourceId: toPhysicalResourceId(event), data: Object.fromEntries(entries) } as const;
  return Buffer.byteLength(toAnswerBody(event, outcome));
}
