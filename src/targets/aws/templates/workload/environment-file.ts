import { ifElse, join, noValue, ref, select, split } from "../../cloudformation/intrinsics.ts";
import type { Text, Value } from "../../cloudformation/intrinsics.ts";
import type { ECSTaskDefinitionEnvironmentFile, IAMRolePolicy } from "../../cloudformation/resource-types.ts";
import { policyDocument } from "../../cloudformation/policy.ts";

/** An env file in S3 that a container has when a condition of the template holds. */
export const environmentFile = (condition: string, parameter: string): Value<ECSTaskDefinitionEnvironmentFile> =>
  ifElse<{ readonly Type: Text; readonly Value: Text }>(condition, { Type: "s3", Value: ref(parameter) }, noValue);

/** Lets ECS read the env file that a parameter names, when there is one. `name` ends the policy's name. */
export const readEnvironmentFile = (condition: string, parameter: string, name: string): Value<IAMRolePolicy> =>
  ifElse<IAMRolePolicy>(
    condition,
    {
      PolicyName: join("", [ref("AppName"), "-", ref("EnvName"), "-", ref("WorkloadName"), name]),
      PolicyDocument: policyDocument(
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: [ref(parameter)] },
        { Effect: "Allow", Action: ["s3:GetBucketLocation"], Resource: [bucketArnOf(parameter)] },
      ),
    },
    noValue,
  );

/** The ARN of the bucket in the ARN of an object. */
const bucketArnOf = (parameter: string): Text =>
  join("", ["arn:", ref("AWS::Partition"), ":s3:::", select(0, split("/", select(5, split(":", ref(parameter)))))]);
