import { sub } from "../../cloudformation/intrinsics.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";

/** The property is a text: CloudFormation wants this policy as JSON, and a change of its spelling would be a change of the resource. */
const policyText = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "StateMachineToCloudWatchLogs",
      "Effect": "Allow",
      "Principal": {
        "Service": ["delivery.logs.amazonaws.com"]
      },
      "Action": [
        "logs:CreateLogStream",
        "logs:PutLogEvents"
      ],
      "Resource": [
        "arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/copilot/\${AppName}-\${EnvironmentName}-*:log-stream:*"
      ],
      "Condition": {
        "StringEquals": {
          "aws:SourceAccount": "\${AWS::AccountId}"
        },
        "ArnLike": {
          "aws:SourceArn": "arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:*"
        }
      }
    }
  ]
}
`;

/** Lets Step Functions write the logs of scheduled jobs. */
export const logPolicy = (): Resources => ({
  LogResourcePolicy: resource(
    "AWS::Logs::ResourcePolicy",
    { PolicyName: sub("${AppName}-${EnvironmentName}-LogResourcePolicy"), PolicyDocument: sub(policyText) },
    { description: "Lets AWS services write the logs of workloads" },
  ),
});
