import { describe, expect, test } from "vitest";
import { CommandBench } from "../../test/fakes/fake-context.ts";
import { commands } from "./commands.ts";

const paths = Object.entries(commands.nodes).flatMap(([name, node]) =>
  node.kind === "command" ? [[name]] : [[name], ...Object.keys(node.commands).map((verb) => [name, verb])],
);

describe("runCommand", () => {
  test.each(paths.map((words) => [words.join(" "), words] as const))("answers %s --help", async (_name, words) => {
    const { stdout, stderr } = await new CommandBench().run([...words, "--help"]);
    expect(stdout).toContain("Usage");
    expect(stderr).toBe("");
  });

  test("lists the commands without an argument, and with help before or after one", async () => {
    const bench = new CommandBench();
    expect((await bench.run([])).stdout).toContain("Getting Started");
    expect((await bench.run(["help", "svc", "deploy"])).stdout).toBe((await bench.run(["svc", "deploy", "help"])).stdout);
  });

  test("prints the version in both ways", async () => {
    const bench = new CommandBench();
    expect((await bench.run(["--version"])).stdout).toBe("copilot version: v1.2.3\n");
    expect((await bench.run(["version"])).stdout).toBe("version: v1.2.3, built for linux\n");
  });

  test("guesses what an unknown command was meant to be, and ends with 1", async () => {
    const { stderr } = await new CommandBench().run(["svc", "deplyo"], 1);
    expect(stderr).toContain("did you mean `copilot svc deploy`?");
  });

  test("is no way to reach what objects inherit", async () => {
    expect((await new CommandBench().run(["constructor"], 1)).stderr).toContain("constructor");
    expect((await new CommandBench().run(["svc", "toString"], 1)).stderr).toContain("toString");
  });

  test("says `not-yet` where this version has nothing", async () => {
    expect((await new CommandBench().run(["task", "run"], 1)).stderr).toContain("cannot do it yet");
  });

  test("says which flags have no effect on Docker", async () => {
    const bench = new CommandBench();
    await bench.withEnvironment();
    const { stderr } = await bench.run(["env", "init", "--name", "prod", "--region", "eu-west-1", "--profile=me"]);
    expect(stderr).toContain("Note: --region, --profile have no effect on Docker.");
  });

  test("shows no stack for a defect, unless it is asked for", async () => {
    const broken = { openTarget: () => Promise.reject(new TypeError("x is not a function")) };
    const bench = new CommandBench({}, broken);
    expect((await bench.run(["app", "ls"], 1)).stderr).not.toContain("    at ");
    expect((await bench.run(["app", "ls"], 1, { variables: { COPILOT_DEBUG: "1" } })).stderr).toContain("    at ");
  });

  test("gives errors as JSON where JSON is asked for", async () => {
    const { stderr, stdout } = await new CommandBench().run(["app", "show", "--name", "none", "--json"], 1);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "application-not-found" } });
    expect(stdout).toBe("");
  });

  test("ends with 130 when Ctrl-C was pressed", async () => {
    const abort = new AbortController();
    const broken = {
      signal: abort.signal,
      openTarget: () => {
        abort.abort(new Error("interrupted"));
        return Promise.reject(new Error("interrupted"));
      },
    };
    expect((await new CommandBench({}, broken).run(["app", "ls"], 130)).stdout).toBe("");
  });
});
