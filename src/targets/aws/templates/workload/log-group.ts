import { getAtt, join, ref, region } from "../../cloudformation/intrinsics.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";

/** Where the containers of a workload write. */
export const logGroup = (): Resources => ({
  LogGroup: resource(
    "AWS::Logs::LogGroup",
    {
      LogGroupName: join("", ["/copilot/", ref("AppName"), "-", ref("EnvName"), "-", ref("WorkloadName")]),
      RetentionInDays: ref("LogRetention"),
    },
    { description: "A CloudWatch log group for what your containers write" },
  ),
});

/** Sends a container's output to the log group. */
export const awsLogs = {
  LogDriver: "awslogs",
  Options: { "awslogs-region": region, "awslogs-group": ref("LogGroup"), "awslogs-stream-prefix": "copilot" },
} as const;

/** ARN of the log group. */
export const logGroupArn = getAtt("LogGroup", "Arn");
