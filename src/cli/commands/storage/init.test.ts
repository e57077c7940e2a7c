import { describe, expect, test } from "vitest";
import { startAwsBench } from "../../../../test/fakes/aws/aws-bench.ts";
import { CommandBench, createAnswers, jobManifest, webManifest } from "../../../../test/fakes/fake-context.ts";

const runner = `name: runner
type: Request-Driven Web Service
image:
  location: public.ecr.aws/example/runner:1
  port: 8080
`;

async function workspace(files: Readonly<Record<string, string>> = {}): Promise<CommandBench> {
  const bench = new CommandBench();
  await bench.withEnvironment();
  bench.write({ "copilot/web/manifest.yml": webManifest("web"), "copilot/nightly/manifest.yml": jobManifest("nightly"), ...files });
  return bench;
}

const s3 = ["storage", "init", "--storage-type", "S3", "--name", "my-files"];

describe("storage init", () => {
  test("writes a bucket for a workload, says how to read it, and that Docker makes nothing of it", async () => {
    const bench = await workspace();
    const { stderr, stdout } = await bench.run([...s3, "--workload", "web", "--lifecycle", "workload"]);
    expect(bench.read("copilot/web/addons/my-files.yml")).toContain("Type: AWS::S3::Bucket");
    expect(stdout).toBe("");
    expect(stderr).toContain("Wrote copilot/web/addons/my-files.yml.");
    expect(stderr).toContain("environments on Docker make nothing of it");
    expect(stderr).toContain("Read its name in web from the environment variable MYFILES_NAME.");
    expect(stderr).toContain("Run `copilot svc deploy --name web` to create it.");
  });

  test("writes a bucket for environments with access for the workload, on AWS without that notice", async () => {
    const { bench, run } = await startAwsBench({ "copilot/nightly/manifest.yml": jobManifest("nightly") });
    const { stderr } = await run([...s3, "--workload", "nightly", "--lifecycle", "environment"]);
    expect(bench.read("copilot/environments/addons/my-files.yml")).toContain("Outputs:");
    expect(bench.read("copilot/nightly/addons/my-files-access-policy.yml")).toContain("AWS::IAM::ManagedPolicy");
    expect(stderr).not.toContain("Docker");
    expect(stderr).toContain("Run `copilot env deploy`");
    expect(stderr).toContain("Run `copilot job deploy --name nightly`.");
    await run(["job", "package", "--name", "nightly", "--env", "test", "--output-dir", "out"]);
    expect(bench.read("out/nightly.addons.stack.yml")).toContain("AWS::IAM::ManagedPolicy");
  });

  test("takes a table's keys from flags", async () => {
    const bench = await workspace();
    const keys = ["--partition-key", "id:S", "--sort-key", "at:number", "--lsi", "by:S"];
    const args = ["storage", "init", "-t", "DynamoDB", "-n", "users", "-w", "web", "-l", "workload", ...keys];
    await bench.run(args);
    const template = bench.read("copilot/web/addons/users.yml");
    for (const name of ["id", "at", "by"]) expect(template).toContain(`AttributeName: ${name}`);
    expect((await bench.run(args)).stderr).toContain("copilot/web/addons/users.yml is there already and stays as it is.");
    expect(bench.read("copilot/web/addons/users.yml")).toBe(template);
  });

  test("writes databases with what the manifest needs, and the lines of a parameters file that is there", async () => {
    const bench = await workspace({ "copilot/environments/addons/addons.parameters.yml": "Parameters: {}\n" });
    const data = ["storage", "init", "-t", "Aurora", "-n", "data", "-w", "web", "-l", "environment"];
    const { stderr } = await bench.run([...data, "--engine", "PostgreSQL", "--initial-db", "shop"]);
    expect(bench.read("copilot/environments/addons/data.yml")).toContain("aurora-postgresql");
    expect(bench.read("copilot/environments/addons/addons.parameters.yml")).toBe("Parameters: {}\n");
    expect(stderr).toContain("It needs these lines:\nParameters:\n");
    expect(stderr).toContain("DB_SECRET:");
    expect(stderr).toContain("from_cfn: ${COPILOT_APPLICATION_NAME}-${COPILOT_ENVIRONMENT_NAME}-dataSecurityGroup");
  });

  test("gives one more workload access to what environments have", async () => {
    const bench = await workspace();
    await bench.run([...s3, "--add-ingress-from", "nightly"]);
    expect(bench.read("copilot/nightly/addons/my-files-access-policy.yml")).toContain("ManagedPolicy");
    expect(() => bench.read("copilot/environments/addons/my-files.yml")).toThrow("ENOENT");
    const aurora = ["storage", "init", "-t", "Aurora", "-n", "data", "--add-ingress-from", "web"];
    expect((await bench.run(aurora)).stderr).toContain("nothing had to be written");
  });

  test("asks for what no flag says, and finds the lifecycle of what is there", async () => {
    const bench = await workspace();
    const { prompts, asked } = createAnswers([
      [/What kind of storage/, "DynamoDB"],
      [/Which workload uses it/, "web"],
      [/What is the table called/, "users"],
      [/With what is it created/, "With web"],
      [/What is the partition key called/, "id"],
      [/What does id hold/, "Text"],
      [/Has the table a sort key/, true],
      [/What is the sort key called/, "at"],
      [/What does at hold/, "Number"],
      [/Has it additional sort keys/, true],
      [/What is the additional sort key called/, "by"],
      [/What does by hold/, "Bytes"],
      [/Has it another/, false],
    ]);
    await bench.run(["storage", "init"], 0, { prompts });
    expect(asked).toHaveLength(13);
    expect(bench.read("copilot/web/addons/users.yml")).toContain("AttributeType: B");
    const again = ["storage", "init", "-t", "DynamoDB", "-n", "users", "-w", "web", "--partition-key", "id:S", "--no-sort"];
    expect((await bench.run(again)).stderr).toContain("it lives with the workload, because copilot/web/addons/users.yml is there.");
  });

  test.each([
    [["-t", "S3", "-n", "Files", "-w", "web", "-l", "workload"], "lower-case letters"],
    [["-t", "S3", "-n", "files", "-w", "none", "-l", "workload"], "copilot/none/manifest.yml is not there"],
    [["-t", "S3", "-n", "files", "-w", "web"], "--lifecycle"],
    [["-t", "DynamoDB", "-n", "users", "-w", "web", "-l", "workload", "--partition-key", "id"], "write it like id:S"],
    [["-t", "DynamoDB", "-n", "users", "-w", "web", "-l", "workload", "--partition-key", "id:S", "--no-sort", "--lsi", "a:S"], "--no-sort"],
    [["-t", "Aurora", "-n", "data", "-w", "web", "-l", "environment", "--serverless-version", "v1"], "is of v2"],
    [["-t", "Aurora", "-n", "data", "-w", "web", "-l", "workload", "--engine", "MySQL", "--initial-db", "1a"], "starts with a letter"],
    [["-t", "Aurora", "-n", "data", "-w", "runner", "-l", "workload", "--engine", "MySQL", "--initial-db", "a"], "placement: private"],
    [["-t", "S3", "-n", "files", "--add-ingress-from", "web", "-w", "web"], "does not go with --workload"],
    [["-t", "S3", "--add-ingress-from", "web"], "it needs --name and --storage-type"],
  ])("refuses %j", async (args, message) => {
    const bench = await workspace({ "copilot/runner/manifest.yml": runner });
    expect((await bench.run(["storage", "init", ...args], 1)).stderr).toContain(message);
  });
});
