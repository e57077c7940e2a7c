import { loadEnvironment } from "../../../src/manifest/environment/load.ts";
import { toRepositoryId } from "../../../src/targets/aws/templates/application/names.ts";
import type { EnvironmentInputs, WorkspaceInputs } from "../../conformance/inputs.ts";
import type { WorkspaceFiles } from "../../conformance/workspace-files.ts";
import { emptyAws, type FakeAwsState, type FakeStack } from "./fake-aws.ts";

/** The account in which a workspace's application lives: what its inputs say, as the records, stacks and resources of AWS. */
export function accountOf(inputs: WorkspaceInputs, files: WorkspaceFiles): FakeAwsState {
  const state = emptyAws();
  const path = `/copilot/applications/${inputs.application}`;
  const { account, application } = inputs;
  state.parameters.set(path, JSON.stringify({ name: application, account, domain: inputs.domain ?? "", version: "1.0" }));
  for (const environment of inputs.environments) addEnvironment(state, { inputs, environment, files });
  state.stackSets.set(
    `${application}-infrastructure`,
    Object.keys(inputs.regions).map((region) => regionStack(inputs, region)),
  );
  for (const [arn, names] of Object.entries(inputs.importedCertificates)) state.certificates.set(arn, names);
  state.loadBalancers.push(...inputs.importedLoadBalancers);
  for (const { arn, environment } of inputs.topics)
    state.tagged.push({ type: "sns", arn, tags: { "copilot-application": application, "copilot-environment": environment } });
  if (inputs.cloudFrontPrefixList !== undefined)
    state.prefixLists.set("com.amazonaws.global.cloudfront.origin-facing", inputs.cloudFrontPrefixList);
  return state;
}

interface Place {
  readonly inputs: WorkspaceInputs;
  readonly environment: EnvironmentInputs;
  readonly files: WorkspaceFiles;
}

function addEnvironment(state: FakeAwsState, place: Place): void {
  const { inputs, environment } = place;
  const { name, region, account, managerRoleArn, executionRoleArn } = environment;
  state.roles.add(managerRoleArn);
  state.parameters.set(
    `/copilot/applications/${inputs.application}/environments/${name}`,
    JSON.stringify({
      app: inputs.application,
      name,
      region,
      accountID: account,
      registryURL: "",
      executionRoleARN: executionRoleArn,
      managerRoleARN: managerRoleArn,
    }),
  );
  const stackName = `${inputs.application}-${name}`;
  const metadata = JSON.stringify({ Version: environment.stackVersion, Manifest: deployedManifest(place) });
  state.stacks.push({
    name: stackName,
    region,
    stackId: `arn:${inputs.partition}:cloudformation:${region}:${account}:stack/${stackName}/1`,
    parameters: environment.stackParameters,
    outputs: environment.stackOutputs,
    tags: { "copilot-application": inputs.application, "copilot-environment": name },
    template: `{"Metadata":${metadata},"Resources":{}}`,
    metadata,
    visibleTo: managerRoleArn,
  });
}

function deployedManifest({ inputs, environment, files }: Place): string {
  const bare = `name: ${environment.name}\ntype: Environment\n`;
  if (environment.deployedBare) return bare;
  const loaded = loadEnvironment({
    file: environment.manifest,
    text: files.text(environment.manifest) ?? bare,
    application: inputs.application,
    environment: environment.name,
    variables: inputs.shellVariables,
    lenient: true,
  });
  return loaded.ok ? loaded.value.manifest : bare;
}

function regionStack({ application, regions, partition, account }: WorkspaceInputs, region: string): FakeStack {
  const { artifactBucket = "", kmsKeyArn = "", repositories = {} } = regions[region] ?? {};
  const name = `StackSet-${application}-infrastructure-${region}`;
  const uris = Object.entries(repositories).map(([workload, uri]) => [
    toRepositoryId(workload),
    `arn:${partition}:ecr:${region}:${account}:repository/${uri.slice(uri.indexOf("/") + 1)}`,
  ]);
  return {
    name,
    region,
    stackId: `arn:${partition}:cloudformation:${region}:${account}:stack/${name}/1`,
    parameters: {},
    outputs: { PipelineBucket: artifactBucket, KMSKeyARN: kmsKeyArn, ...Object.fromEntries(uris) },
    tags: { "copilot-application": application },
    template: '{"Resources":{}}',
    metadata: "",
  };
}
