import { CloudFormationClient, CreateStackCommand, waitUntilStackCreateComplete } from "@aws-sdk/client-cloudformation";
import { CreateRepositoryCommand, ECRClient } from "@aws-sdk/client-ecr";
import { CreateBucketCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { account, region, stackOf } from "../fakes/aws/aws-bench.ts";
import { emptyAws, startFakeAws } from "../fakes/aws/fake-aws.ts";
import { startEmulatedAws } from "./emulated-aws.ts";

/** An account to hold the clients to, and a way to put things into it. */
export interface AwsWorld {
  readonly url: string;
  /** ARN of a role that can be taken on. */
  readonly role: string;
  readonly putParameter: (name: string, value: string) => Promise<void>;
  readonly putStack: (name: string, stack: StackSeed) => Promise<void>;
  readonly putBucket: (name: string) => Promise<void>;
  readonly putRepository: (name: string) => Promise<void>;
  readonly objectText: (bucket: string, key: string) => Promise<string | undefined>;
  readonly close: () => Promise<void>;
}

/** What a stack is made of. */
export interface StackSeed {
  readonly template: string;
  /** Of the template, as its text has it. */
  readonly metadata: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Types of the resources of the template by logical ID. */
  readonly resourceTypes: Readonly<Record<string, string>>;
}

const role = `arn:aws:iam::${account}:role/shop-test-EnvManagerRole`;

/** Our own fake. */
export async function fakeAwsWorld(): Promise<AwsWorld> {
  const state = emptyAws();
  state.roles.add(role);
  const { url, close } = await startFakeAws(state);
  return {
    url,
    role,
    close,
    putParameter: async (name, value) => void state.parameters.set(name, value),
    putStack: async (name, seed) => {
      const resources = Object.fromEntries(Object.keys(seed.resourceTypes).map((logicalId) => [logicalId, `${name}-${logicalId}`]));
      state.stacks.push(stackOf(name, { ...seed, resources }));
    },
    putBucket: () => Promise.resolve(),
    putRepository: async (name) => void state.repositories.add(name),
    objectText: async (bucket, key) => state.objects.get(`/${bucket}/${key}`),
  };
}

/** The emulator, which executes templates. */
export async function emulatedAwsWorld(): Promise<AwsWorld> {
  const { url, close } = await startEmulatedAws();
  const settings = { region, endpoint: url, credentials: { accessKeyId: "AKIAHOME", secretAccessKey: "secret" } };
  const [ssm, stacks, s3, ecr] = [
    new SSMClient(settings),
    new CloudFormationClient(settings),
    new S3Client({ ...settings, forcePathStyle: true }),
    new ECRClient(settings),
  ];
  return {
    url,
    role,
    close,
    putParameter: async (name, value) => void (await ssm.send(new PutParameterCommand({ Name: name, Value: value, Type: "String" }))),
    putStack: async (name, { template, parameters, tags }) => {
      const Parameters = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
      await stacks.send(
        new CreateStackCommand({
          StackName: name,
          TemplateBody: template,
          Parameters,
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        }),
      );
      await waitUntilStackCreateComplete({ client: stacks, maxWaitTime: 30, minDelay: 1, maxDelay: 1 }, { StackName: name });
    },
    putBucket: async (name) => void (await s3.send(new CreateBucketCommand({ Bucket: name }))),
    putRepository: async (name) => void (await ecr.send(new CreateRepositoryCommand({ repositoryName: name }))),
    objectText: async (bucket, key) => (await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body?.transformToString(),
  };
}
