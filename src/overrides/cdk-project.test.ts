import { describe, expect, it } from "vitest";
import { Problem } from "../model/problem.ts";
import { runCdkProject, toOverriddenTemplate, type CdkMachine } from "./cdk-project.ts";

interface Call {
  readonly command: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A machine whose `cdk` gives back the template that it was handed, as `cdk synth` does for a project that changes nothing. */
class FakeMachine implements CdkMachine {
  readonly calls: Call[] = [];
  readonly files = new Map<string, string>();
  readonly programs: Set<string>;
  failing: string | undefined;
  /** What the installation of the project's packages leaves. */
  installed = [`${OVERRIDE.directory}/node_modules/.bin/cdk`];

  constructor(programs: readonly string[], files: readonly string[] = []) {
    this.programs = new Set(programs);
    for (const path of files) this.files.set(path, "");
  }

  readonly run: CdkMachine["run"] = async (program, arguments_, options) => {
    this.calls.push({ command: [program, ...arguments_].join(" "), ...options });
    if (program === this.failing) return { exitCode: 3, stdout: "" };
    if (arguments_[0] === "install") for (const path of this.installed) this.files.set(path, "");
    const stdout = arguments_[0] === "synth" ? (this.files.get(`${options.directory}/.build/in.yml`) ?? "") : "added 200 packages";
    return { exitCode: 0, stdout };
  };
  readonly hasProgram = async (name: string) => this.programs.has(name);
  readonly exists = async (path: string) => this.files.has(path);
  readonly write = async (path: string, content: string) => void this.files.set(path, content);
}

const OVERRIDE = { directory: "/w/copilot/api/overrides", workingDirectory: "/w/src/deep", application: "shop", environment: "test" };
const TEMPLATE = "Description: A service.\nResources:\n  A:\n    Type: AWS::SQS::Queue\n";

describe("runCdkProject", () => {
  it("installs, hands the template over and reads what comes back", async () => {
    const machine = new FakeMachine(["npm"]);
    const result = await runCdkProject(machine, OVERRIDE, TEMPLATE);
    expect(result).toEqual({ Description: "A service using AWS Copilot and CDK.", Resources: { A: { Type: "AWS::SQS::Queue" } } });
    const environment = { COPILOT_APPLICATION_NAME: "shop", COPILOT_ENVIRONMENT_NAME: "test" };
    expect(machine.calls).toEqual([
      { command: "npm install", directory: OVERRIDE.directory, environment },
      { command: "node_modules/.bin/cdk synth --no-version-reporting", directory: OVERRIDE.directory, environment },
    ]);
  });

  it("names no environment for a pipeline", async () => {
    const machine = new FakeMachine(["npm"]);
    const { environment: _, ...pipeline } = OVERRIDE;
    await runCdkProject(machine, pipeline, TEMPLATE);
    expect(machine.calls[0]?.environment).toEqual({ COPILOT_APPLICATION_NAME: "shop" });
  });

  it.each([
    [["yarn"], [], "yarn"],
    [["npm", "yarn"], [], "npm"],
    [["npm", "yarn"], ["/w/yarn.lock"], "yarn"],
    [["npm", "yarn"], ["/w/yarn.lock", "/w/src/package-lock.json"], "npm"],
    [["npm", "yarn"], ["/w/yarn.lock", "/w/package-lock.json"], "npm"],
  ])("with %j and %j installs by %s", async (programs, files, manager) => {
    const machine = new FakeMachine(programs, files);
    await runCdkProject(machine, OVERRIDE, TEMPLATE);
    expect(machine.calls[0]?.command).toBe(`${manager} install`);
  });

  it("looks for lock files five folders up and no further", async () => {
    const machine = new FakeMachine(["npm", "yarn"], ["/a/yarn.lock"]);
    await runCdkProject(machine, { ...OVERRIDE, workingDirectory: "/a/b/c/d/e/f" }, TEMPLATE);
    expect(machine.calls[0]?.command).toBe("npm install");
  });

  it("says that a package manager is missing", async () => {
    await expect(runCdkProject(new FakeMachine([]), OVERRIDE, TEMPLATE)).rejects.toMatchObject({ code: "package-manager-missing" });
  });

  it.each([
    ["npm", "`npm install --save-dev aws-cdk`"],
    ["yarn", "`yarn add --dev aws-cdk`"],
  ])("says where the CDK was looked for, and how %s installs it", async (manager, hint) => {
    const machine = new FakeMachine([manager]);
    machine.installed = [];
    await expect(runCdkProject(machine, OVERRIDE, TEMPLATE)).rejects.toMatchObject({
      code: "cdk-missing",
      message: expect.stringContaining(
        `run the CDK project in ${OVERRIDE.directory}: \`${manager} install\` left no node_modules/.bin/cdk there`,
      ),
      hint: expect.stringContaining(hint),
    });
  });

  it.each(["npm", "node_modules/.bin/cdk"])("says that %s failed, and how", async (program) => {
    const machine = new FakeMachine(["npm"]);
    machine.failing = program;
    const failure: unknown = await runCdkProject(machine, OVERRIDE, TEMPLATE).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Problem);
    expect(failure).toMatchObject({ code: "cdk-override-failed", message: expect.stringContaining("exit code 3") });
  });
});

describe("toOverriddenTemplate", () => {
  it("drops what CDK adds for itself and orders the sections", () => {
    const result = toOverriddenTemplate({
      Resources: {},
      Rules: { CheckBootstrapVersion: {} },
      Parameters: { BootstrapVersion: { Type: "String" }, AppName: { Type: "String" } },
      Description: "A job.",
    });
    expect(Object.entries(result)).toEqual([
      ["Description", "A job using AWS Copilot and CDK."],
      ["Parameters", { AppName: { Type: "String" } }],
      ["Resources", {}],
    ]);
  });

  it("leaves no empty parameters behind", () => {
    expect(toOverriddenTemplate({ Parameters: { BootstrapVersion: {} }, Resources: {} })).not.toHaveProperty("Parameters");
  });
});
