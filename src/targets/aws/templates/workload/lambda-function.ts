import { getAtt } from "../../cloudformation/intrinsics.ts";
import type { LambdaFunction } from "../../cloudformation/resource-types.ts";
import { resource } from "../../cloudformation/template.ts";
import type { AwsResource } from "../../cloudformation/template.ts";
import type { WorkloadFacts, WorkloadFunctionName } from "../../workload-facts.ts";

/** The Node.js that our Lambda functions run on. */
export const lambdaRuntime = "nodejs24.x";

/** How a Lambda function of ours differs from the others. */
export interface LambdaFunctionInput {
  /** Logical ID of its role. */
  readonly role: string;
  /** Seconds; 900 when unset. */
  readonly timeout?: number;
  readonly handler?: string;
  readonly layers?: readonly string[];
  readonly environment?: LambdaFunction["Environment"];
  readonly condition?: string;
  readonly description?: string;
}

/** A Lambda function of ours. */
export const lambdaFunction = (
  facts: WorkloadFacts,
  name: WorkloadFunctionName,
  input: LambdaFunctionInput,
): AwsResource<"AWS::Lambda::Function"> =>
  resource(
    "AWS::Lambda::Function",
    {
      Code: { S3Bucket: facts.functions[name].bucket, S3Key: facts.functions[name].key },
      Handler: input.handler ?? "index.handler",
      Timeout: input.timeout ?? 900,
      MemorySize: 512,
      Role: getAtt(input.role, "Arn"),
      Runtime: lambdaRuntime,
      Layers: input.layers,
      Environment: input.environment,
    },
    { condition: input.condition, description: input.description },
  );
