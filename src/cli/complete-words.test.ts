import { describe, expect, test } from "vitest";
import { CommandBench, jobManifest, webManifest } from "../../test/fakes/fake-context.ts";

const files = {
  "copilot/.workspace": "application: shop\n",
  "copilot/web/manifest.yml": webManifest("web"),
  "copilot/report/manifest.yml": jobManifest("report"),
  "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
};

async function complete(...words: string[]): Promise<string[]> {
  const { stdout } = await new CommandBench(files).run(["complete", ...words.map((word) => `--words=${word}`)]);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t")[0] ?? "");
}

describe("completion", () => {
  test("offers commands, and not the hidden ones", async () => {
    expect(await complete("")).toEqual(expect.arrayContaining(["init", "svc", "deploy"]));
    expect(await complete("compl")).toEqual(["completion"]);
    expect(await complete("svc", "de")).toEqual(expect.arrayContaining(["deploy", "delete"]));
  });

  test("offers flags and choices", async () => {
    expect(await complete("svc", "deploy", "--no-r")).toEqual(["--no-rollback"]);
    expect(await complete("svc", "init", "--svc-type", "Stat")).toEqual(["Static Site"]);
    expect(await complete("completion", "")).toEqual(["bash", "zsh", "fish"]);
  });

  test("offers the names that the workspace has", async () => {
    expect(await complete("svc", "deploy", "--name", "")).toEqual(["web"]);
    expect(await complete("job", "deploy", "-n", "")).toEqual(["report"]);
    expect(await complete("deploy", "--name", "")).toEqual(["report", "web"]);
    expect(await complete("svc", "logs", "--env", "=", "te")).toEqual(["test"]);
  });

  test("offers nothing where nothing fits", async () => {
    expect(await complete("nothing", "")).toEqual([]);
  });

  test.each(["bash", "zsh", "fish"])("prints a script for %s that asks this program", async (shell) => {
    expect((await new CommandBench().run(["completion", shell])).stdout).toContain("complete");
  });
});
