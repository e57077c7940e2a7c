import { readArn } from "../../../model/arn.ts";
import { Problem } from "../../../model/problem.ts";
import type { Account } from "../clients/account.ts";
import type { CredentialSource } from "../clients/connection.ts";
import type { DeployedStack } from "../clients/stacks.ts";
import { environmentStackName } from "../compile-environment.ts";
import { readStackMetadata, type StackMetadata } from "../cloudformation/stack-metadata.ts";
import type { ArtifactBucket } from "../environment-facts.ts";
import { fromRepositoryId } from "../templates/application/names.ts";
import { readApplicationRecord, readEnvironmentRecord, recordPaths, type ApplicationRecord, type EnvironmentRecord } from "./records.ts";

/** What an application has in one region. */
export interface RegionResources {
  readonly region: string;
  readonly artifacts: ArtifactBucket;
  /** URI of the repository of images by workload. */
  readonly repositories: Readonly<Record<string, string>>;
}

/** The stack of an environment, and what its template notes. */
export interface EnvironmentStack {
  readonly stack: DeployedStack;
  readonly metadata: StackMetadata;
}

/** Applications as they live in an account. Everything is asked for once: an answer holds as long as the command runs. */
export interface LiveApplications {
  /** The account of the applications' records, in the region where they were made. */
  readonly home: Account;
  readonly application: (name: string) => Promise<ApplicationRecord | undefined>;
  readonly environments: (application: string) => Promise<readonly EnvironmentRecord[]>;
  /** Throws a `Problem` when there is no such environment. */
  readonly environment: (application: string, name: string) => Promise<EnvironmentRecord>;
  /** The account of an environment as its manager, in its own region unless another is named. */
  readonly asManager: (record: EnvironmentRecord, region?: string) => Promise<Account>;
  /** Of one region. Throws a `Problem` when the application has nothing there. */
  readonly resources: (application: string, region: string) => Promise<RegionResources>;
  /** Of every region that the application uses. */
  readonly allResources: (application: string) => Promise<readonly RegionResources[]>;
  /** `undefined` when it does not exist. */
  readonly environmentStack: (record: EnvironmentRecord) => Promise<EnvironmentStack | undefined>;
}

/** Opens an account in a region, with the home's own credentials when no others are given. */
export type AccountOpener = (region: string, credentials?: CredentialSource) => Account;

/** The applications whose records are in `home`. */
export function openLiveApplications(home: Account, open: AccountOpener): LiveApplications {
  const application = remembering(async (name) => {
    const text = await (await home.parameters()).get(recordPaths.application(name));
    return text === undefined ? undefined : readApplicationRecord(text);
  });
  const environments = remembering(async (name) =>
    (await (await home.parameters()).list(recordPaths.environments(name))).map(readEnvironmentRecord),
  );
  const credentials = remembering(async (roleArn) => (await home.identity()).assume(roleArn));
  const managers = new Map<string, Promise<Account>>();
  const asManager = ({ managerRoleArn, region: own }: EnvironmentRecord, region = own): Promise<Account> => {
    const key = `${managerRoleArn} ${region}`;
    const known = managers.get(key) ?? credentials(managerRoleArn).then((role) => open(region, role));
    managers.set(key, known);
    return known;
  };
  return {
    home,
    application,
    environments,
    environment: async (name, environment) => {
      const found = (await environments(name)).find((record) => record.environment.name === environment);
      if (found === undefined)
        throw new Problem("environment-not-found", `look for the environment ${environment} of ${name}: there is no such environment`, {
          hint: `run \`copilot env init --name ${environment}\``,
        });
      return found;
    },
    asManager,
    ...resourceReaders(home, open),
    environmentStack: environmentStacks(asManager),
  };
}

/** The partition of an environment, e.g. `aws-cn`. */
export const partitionOf = ({ managerRoleArn }: EnvironmentRecord): string => readArn(managerRoleArn)?.partition ?? "aws";

function resourceReaders(home: Account, open: AccountOpener): Pick<LiveApplications, "resources" | "allResources"> {
  const stackSetOf = (application: string): string => `${application}-infrastructure`;
  const read = async (region: string, stackId: string): Promise<RegionResources> => {
    const account = region === home.region ? home : open(region);
    const outputs = (await (await account.stacks()).describe(stackId))?.outputs ?? {};
    const repositories = Object.entries(outputs).flatMap(([output, value]) => {
      const workload = fromRepositoryId(output);
      return workload === undefined ? [] : [[workload, toRepositoryUri(value)] as const];
    });
    return {
      region,
      artifacts: { name: outputs["PipelineBucket"] ?? "", keyArn: outputs["KMSKeyARN"] ?? "" },
      repositories: Object.fromEntries(repositories),
    };
  };
  const one = remembering(async (key) => {
    const [application = "", region = ""] = key.split(" ");
    const [instance] = await (await home.stacks()).instances(stackSetOf(application), region);
    if (instance === undefined)
      throw new Problem("region-not-set-up", `read what ${application} has in ${region}: its StackSet has no stack there`, {
        hint: "run `copilot env init` for an environment in that region",
      });
    return read(region, instance.stackId);
  });
  return {
    resources: (application, region) => one(`${application} ${region}`),
    allResources: remembering(async (application) => {
      const instances = await (await home.stacks()).instances(stackSetOf(application));
      return Promise.all(instances.map(({ region, stackId }) => read(region, stackId)));
    }),
  };
}

/** The address by which Docker knows a repository, of its ARN. */
export function toRepositoryUri(repository: string): string {
  const arn = readArn(repository);
  if (arn === undefined) return repository;
  const suffix = arn.partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return `${arn.account}.dkr.ecr.${arn.region}.${suffix}/${arn.resource.replace(/^repository\//, "")}`;
}

function environmentStacks(asManager: LiveApplications["asManager"]): LiveApplications["environmentStack"] {
  const known = new Map<string, Promise<EnvironmentStack | undefined>>();
  const read = async (record: EnvironmentRecord): Promise<EnvironmentStack | undefined> => {
    const { application, name } = record.environment;
    const stackName = environmentStackName(application, name);
    const stacks = await (await asManager(record)).stacks();
    const [stack, metadata] = await Promise.all([stacks.describe(stackName), stacks.metadata(stackName)]);
    return stack === undefined || metadata === undefined ? undefined : { stack, metadata: readStackMetadata(metadata) };
  };
  return (record) => {
    const key = `${record.environment.application} ${record.environment.name}`;
    const reading = known.get(key) ?? read(record);
    known.set(key, reading);
    return reading;
  };
}

function remembering<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key) => {
    const answer = known.get(key) ?? ask(key);
    known.set(key, answer);
    return answer;
  };
}
