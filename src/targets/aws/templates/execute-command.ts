import type { PolicyStatement } from "../cloudformation/policy.ts";

/** What the role of a task must allow so that a person can open a shell in its containers. */
export const executeCommandStatements: readonly PolicyStatement[] = [
  {
    Effect: "Allow",
    Action: [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenDataChannel",
    ],
    Resource: "*",
  },
  {
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents"],
    Resource: "*",
  },
];
