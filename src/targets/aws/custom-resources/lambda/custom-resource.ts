import { putText, sendAnswer, type Outcome, type PutText } from "./answer.ts";
import type { CustomResourceEvent, LambdaContext } from "./event.ts";
import { messageOf } from "./message-of.ts";
import { waitByClock, type Wait } from "./wait.ts";

/** What a request made, as far as CloudFormation wants to know. */
export interface Made {
  /** Given up with another value than before, it makes CloudFormation delete what has the old one. */
  readonly physicalResourceId?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A request being worked on. */
export interface Work {
  readonly event: CustomResourceEvent;
  /** Names the physical resource as soon as it exists, so that a failure after that still lets CloudFormation delete it. */
  readonly nameResource: (physicalResourceId: string) => void;
  readonly wait: Wait;
}

/** A custom resource: what it does for each kind of request, with its dependencies already in place. */
export interface CustomResource {
  /** Minutes after which a failure is reported; must be shorter than the function's own time limit. */
  readonly deadlineMinutes: number;
  /** The physical ID while nothing else is known. */
  readonly physicalResourceId: (event: CustomResourceEvent) => string;
  readonly create: (work: Work) => Promise<Made | undefined>;
  readonly update: (work: Work) => Promise<Made | undefined>;
  readonly delete: (work: Work) => Promise<void>;
  /** What to answer instead of a failure; absent for resources that may fail. */
  readonly insteadOfFailure?: (event: CustomResourceEvent) => Made;
}

/** How a function reaches the world besides AWS. */
export interface Surroundings {
  readonly put: PutText;
  readonly wait: Wait;
  readonly log: (line: string) => void;
}

/** A Lambda handler. */
export type Handler = (event: CustomResourceEvent, context: LambdaContext) => Promise<void>;

const REAL_SURROUNDINGS: Surroundings = { put: putText, wait: waitByClock, log: (line) => void process.stdout.write(`${line}\n`) };

/** The handler of a custom resource: it answers in every case, be it that the work failed or took too long. */
export function toHandler(resource: CustomResource, surroundings: Surroundings = REAL_SURROUNDINGS): Handler {
  return async (event, context) => {
    let physicalResourceId = event.PhysicalResourceId ?? event.LogicalResourceId;
    const nameResource = (id: string): void => {
      physicalResourceId = id;
    };
    const finish = (outcome: Omit<Outcome, "physicalResourceId">): Promise<void> =>
      sendAnswer(surroundings, event, { ...outcome, physicalResourceId });
    let made: Made | undefined;
    try {
      // Within the answered part, since an id made of a property fails when the property is missing.
      nameResource(resource.physicalResourceId(event));
      made = await beforeDeadline(resource, { event, nameResource, wait: surroundings.wait });
    } catch (error) {
      const message = messageOf(error);
      surroundings.log(`${event.RequestType} of ${physicalResourceId} failed: ${message}`);
      made = resource.insteadOfFailure?.(event);
      if (made === undefined) {
        return finish({ status: "FAILED", reason: `${shortened(message)} (Log: ${context.logGroupName}/${context.logStreamName})` });
      }
    }
    if (made?.physicalResourceId !== undefined) nameResource(made.physicalResourceId);
    return finish({ status: "SUCCESS", data: made?.data ?? {} });
  };
}

const MAX_REASON_CHARACTERS = 1000;

/** A state machine or an AWS service may have more to say than fits into an answer; the log has the whole. */
function shortened(message: string): string {
  return message.length > MAX_REASON_CHARACTERS ? `${message.slice(0, MAX_REASON_CHARACTERS)}…` : message;
}

async function beforeDeadline(resource: CustomResource, work: Work): Promise<Made | undefined> {
  const { deadlineMinutes } = resource;
  const done = new AbortController();
  const deadline = work.wait(deadlineMinutes * 60_000, done.signal).then(
    () => Promise.reject(new Error(`The function took longer than ${deadlineMinutes} minutes`)),
    // The wait ends by the abort below, when the work has already decided the race.
    () => undefined,
  );
  try {
    return await Promise.race([handle(resource, work), deadline]);
  } finally {
    done.abort();
  }
}

async function handle(resource: CustomResource, work: Work): Promise<Made | undefined> {
  switch (work.event.RequestType) {
    case "Create":
      return resource.create(work);
    case "Update":
      return resource.update(work);
    case "Delete":
      await resource.delete(work);
      return undefined;
    default:
      throw new Error(`Unsupported request type ${work.event.RequestType}`);
  }
}
