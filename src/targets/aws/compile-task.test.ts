import { describe, expect, test } from "vitest";
import { compileTask } from "./compile-task.ts";
import type { TaskGroup } from "./templates/task/input.ts";

const group: TaskGroup = {
  name: "migrate",
  cpu: 256,
  memory: 512,
  variables: {},
  parameterSecrets: {},
  managerSecrets: {},
  tags: {},
};

const policiesOf = (changed: Partial<TaskGroup>) => {
  const role = compileTask({ ...group, ...changed }).template.Resources["DefaultExecutionRole"];
  return role?.Type === "AWS::IAM::Role" ? JSON.stringify(role.Properties.Policies) : undefined;
};

describe("parameters", () => {
  test("a stack without an image is there for its repository", () => {
    expect(compileTask(group)).toMatchObject({
      name: "task-migrate",
      parameters: { TaskName: "migrate", TaskCPU: "256", TaskMemory: "512", LogRetention: "1", ContainerImage: "", Command: "", OS: "" },
      tags: { "copilot-task": "migrate" },
    });
  });

  test("words are a list, and an environment is told by tags", () => {
    const stack = compileTask({
      ...group,
      entrypoint: ["/bin/sh", "-c"],
      command: ["true"],
      environment: { application: "shop", name: "test" },
    });
    expect(stack.parameters).toMatchObject({ EntryPoint: "/bin/sh,-c", Command: "true" });
    expect(stack.tags).toEqual({ "copilot-task": "migrate", "copilot-application": "shop", "copilot-environment": "test" });
  });
});

describe("secrets", () => {
  test("outside of an environment a task reads the secrets that are named, and no other", () => {
    const policies = policiesOf({ parameterSecrets: { B: "/db/password", A: "arn:aws:ssm:eu-west-1:1:parameter/a" } });
    expect(policies).toContain(
      '"arn:aws:ssm:eu-west-1:1:parameter/a",{"Fn::Sub":"arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/db/password"}',
    );
    expect(policies).not.toContain("secretsmanager:GetSecretValue");
  });

  test("in an environment it reads those that are tagged as the environment's", () => {
    const policies = policiesOf({ managerSecrets: { A: "arn:secret" }, environment: { application: "shop", name: "test" } });
    expect(policies).toContain('"secretsmanager:ResourceTag/copilot-environment":"test"');
    expect(policies).not.toContain("arn:secret");
  });

  test("a given execution role is used as it is", () => {
    const { Resources } = compileTask({ ...group, executionRole: "arn:role" }).template;
    expect(Resources).not.toHaveProperty("DefaultExecutionRole");
    expect(Resources["TaskDefinition"]).toMatchObject({ Properties: { ExecutionRoleArn: "arn:role" } });
  });
});

test("variables stand in the container in the order of their names", () => {
  expect(compileTask({ ...group, variables: { B: "2", A: "1" } }).template.Resources["TaskDefinition"]).toMatchObject({
    Properties: {
      ContainerDefinitions: [
        {
          Environment: [
            { Name: "A", Value: "1" },
            { Name: "B", Value: "2" },
          ],
        },
      ],
    },
  });
});
