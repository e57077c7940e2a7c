import { randomUUID } from "node:crypto";
import type { CdkMachine } from "../../overrides/cdk-project.ts";
import type { ImageRegistry } from "../../images/image-registry.ts";
import type { TargetSession } from "../target.ts";
import { openAccount } from "./clients/account.ts";
import { defaultConnection } from "./clients/default-connection.ts";
import { openLiveApplications } from "./live/live-application.ts";
import { openImageRegistry } from "./live/open-image-registry.ts";
import { functionArchivesIn } from "./live/place-functions.ts";
import { createAwsSession } from "./session.ts";

/** What a session needs of this machine. */
export interface AwsSessionOptions {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Absolute path of the folder with the archives of our Lambda functions. */
  readonly functionsFolder: string;
  /** Runs the CDK projects of overrides. */
  readonly machine: CdkMachine;
  /** Ends the calls that are under way. */
  readonly signal?: AbortSignal;
}

/** A session, and where the images of what it packages go. */
export interface OpenedAws {
  readonly session: TargetSession;
  readonly registry: ImageRegistry;
}

/** Opens a session as whom and where the environment variables and profiles of this machine say. Throws a `Problem` without a region. */
export async function openAwsSession({ variables, version, functionsFolder, machine, signal }: AwsSessionOptions): Promise<OpenedAws> {
  const connection = await defaultConnection({ variables, version, ...(signal === undefined ? {} : { signal }) });
  const open = (region: string, credentials = connection.credentials) => openAccount({ ...connection, region, credentials }, Date.now);
  const live = openLiveApplications(open(connection.region), open);
  const session = createAwsSession({
    live,
    archives: functionArchivesIn(functionsFolder),
    machine,
    variables,
    uniqueId: randomUUID,
  });
  return { session, registry: openImageRegistry(live, open) };
}
