import { toHandler, type CustomResource } from "../../../src/targets/aws/custom-resources/lambda/custom-resource.ts";
import type { CustomResourceEvent, ResourceProperties } from "../../../src/targets/aws/custom-resources/lambda/event.ts";
import type { Wait } from "../../../src/targets/aws/custom-resources/lambda/wait.ts";

/** The parts of an event that differ from one test to the next. */
export interface Invocation {
  readonly type: "Create" | "Update" | "Delete";
  readonly properties: ResourceProperties;
  readonly oldProperties?: ResourceProperties;
  readonly physicalResourceId?: string;
}

/** An answer as CloudFormation reads it. */
export interface Answer {
  readonly Status: "SUCCESS" | "FAILED";
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly Data?: Readonly<Record<string, unknown>>;
}

/** How the world behaves during an invocation. */
export interface World {
  /** Status codes that the response address gives, one a call; then 200. An `Error` breaks the connection. */
  readonly responses?: (number | Error)[];
  /** Ends a wait at once, unless it is the deadline. Made to see how long a function would have waited. */
  readonly wait?: Wait;
}

/** Time that passes at once, except for the deadline, which never comes. */
export class FastClock {
  /** Milliseconds that were waited for, deadlines left out. */
  readonly waits: number[] = [];
  readonly wait: Wait = (milliseconds, signal) => {
    if (signal !== undefined) return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("ended"))));
    this.waits.push(milliseconds);
    return Promise.resolve();
  };
}

/** A clock on which the deadline is over at once and nothing else ever is. */
export const waitOnlyForDeadline: Wait = (_, signal) => (signal === undefined ? new Promise(() => undefined) : Promise.resolve());

/** The event of an invocation. */
export function toEvent(invocation: Invocation): CustomResourceEvent {
  return {
    RequestType: invocation.type,
    ResponseURL: "https://response.example/answer",
    StackId: "arn:aws:cloudformation:us-west-2:123456789012:stack/demo-test-api/1",
    RequestId: "request-1",
    LogicalResourceId: "TheAction",
    ResourceProperties: invocation.properties,
    ...(invocation.oldProperties === undefined ? {} : { OldResourceProperties: invocation.oldProperties }),
    ...(invocation.physicalResourceId === undefined ? {} : { PhysicalResourceId: invocation.physicalResourceId }),
  };
}

/** Invokes a resource as Lambda would and gives the answer that reached CloudFormation. */
export async function invoke(resource: CustomResource, invocation: Invocation, world: World = {}): Promise<Answer> {
  const responses = [...(world.responses ?? [])];
  const bodies: string[] = [];
  const put = (_: string, body: string): Promise<number> => {
    const response = responses.shift() ?? 200;
    if (response instanceof Error) return Promise.reject(response);
    if (response < 400) bodies.push(body);
    return Promise.resolve(response);
  };
  const handler = toHandler(resource, { put, wait: world.wait ?? new FastClock().wait, log: () => undefined });
  await handler(toEvent(invocation), { logGroupName: "/aws/lambda/function", logStreamName: "stream" });
  if (bodies.length !== 1) throw new Error(`CloudFormation got ${bodies.length} answers`);
  return JSON.parse(bodies[0] ?? "");
}

const hang = (): Promise<never> => new Promise(() => undefined);

/** Calls of AWS that never come to an end, whatever they are. */
export function hangingCalls(): never {
  return new Proxy(hang, { get: () => hangingCalls() }) as never;
}
