import { CloudFormationClient, DescribeStacksCommand, UpdateStackCommand, type Stack } from "@aws-sdk/client-cloudformation";
import { toHandler } from "../lambda/custom-resource.ts";
import { messageOf } from "../lambda/message-of.ts";
import { envController, type EnvironmentStack, type EnvironmentStacks } from "./env-controller.ts";

/** The calls, made by a client. */
export function cloudFormationStacks(client: CloudFormationClient): EnvironmentStacks {
  return {
    describe: async (name) => {
      try {
        const { Stacks: stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
        return stacks[0] === undefined ? undefined : toEnvironmentStack(stacks[0]);
      } catch (error) {
        if (messageOf(error).includes("does not exist")) return undefined;
        throw error;
      }
    },
    update: async (name, { changed, kept, roleArn, capabilities }) => {
      const parameters = [
        ...kept.map((key) => ({ ParameterKey: key, UsePreviousValue: true })),
        ...Object.entries(changed).map(([key, value]) => ({ ParameterKey: key, ParameterValue: value })),
      ];
      const input = {
        StackName: name,
        UsePreviousTemplate: true,
        Parameters: parameters,
        RoleARN: roleArn,
        Capabilities: toCapabilities(capabilities),
      };
      try {
        await client.send(new UpdateStackCommand(input));
        return "started";
      } catch (error) {
        if (/is in \w+_IN_PROGRESS state and can ?not be updated/.test(messageOf(error))) return "busy";
        if (messageOf(error).includes("No updates are to be performed")) return "unchanged";
        throw error;
      }
    },
  };
}

const CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"] as const;

const toCapabilities = (names: readonly string[]) => CAPABILITIES.filter((capability) => names.includes(capability));

function toEnvironmentStack(stack: Stack): EnvironmentStack {
  return {
    status: stack.StackStatus ?? "",
    parameters: Object.fromEntries((stack.Parameters ?? []).map(({ ParameterKey: key = "", ParameterValue: value = "" }) => [key, value])),
    outputs: Object.fromEntries((stack.Outputs ?? []).map(({ OutputKey: key = "", OutputValue: value = "" }) => [key, value])),
    capabilities: stack.Capabilities ?? [],
  };
}

/** Many workloads that are deployed at once watch one stack, and CloudFormation takes few requests a second. */
const MAX_ATTEMPTS = 10;

/** What Lambda calls. */
export const handler = toHandler(envController(cloudFormationStacks(new CloudFormationClient({ maxAttempts: MAX_ATTEMPTS }))));
