import { getAtt } from "../../cloudformation/intrinsics.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resource } from "../../cloudformation/template.ts";
import type { S3Location } from "../../workload-facts.ts";
import { lambdaRuntime } from "../workload/lambda-function.ts";

/** What tells one Lambda function from another. */
export interface LambdaFunctionInput {
  /** Where the archive lies. */
  readonly code: S3Location;
  /** The exported function of `index.js`. */
  readonly handler: string;
  /** Seconds. */
  readonly timeout: number;
  /** Logical ID of its role. */
  readonly role: string;
  readonly condition?: string | undefined;
}

/** A Lambda function behind a custom resource. */
export const lambdaFunction = (input: LambdaFunctionInput): Resource =>
  resource(
    "AWS::Lambda::Function",
    {
      Code: { S3Bucket: input.code.bucket, S3Key: input.code.key },
      Handler: `index.${input.handler}`,
      Timeout: input.timeout,
      MemorySize: 512,
      Role: getAtt(input.role, "Arn"),
      Runtime: lambdaRuntime,
    },
    { condition: input.condition },
  );
