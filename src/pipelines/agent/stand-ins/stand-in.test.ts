import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runStandIn } from "./stand-in.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "stand-in-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function run(program: string, parameters: readonly string[], input = "") {
  let [out, err] = ["", ""];
  const code = await runStandIn(program, parameters, {
    directory,
    readInput: () => Promise.resolve(input),
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}

describe("downloads of the original's command line", () => {
  const release = "https://ecs-cli-v2-release.s3.amazonaws.com/copilot-linux-v1.22.0";
  test.each([
    ["wget", ["-q", release], "copilot-linux-v1.22.0"],
    ["wget", ["-q", release, "-O", "copilot-linux"], "copilot-linux"],
    ["curl", ["-Lo", "copilot-linux", "https://github.com/aws/copilot-cli/releases/download/v1.27.0/copilot-linux-amd64"], "copilot-linux"],
    ["curl", ["-sLO", release], "copilot-linux-v1.22.0"],
  ])("%s %j", async (program, parameters, file) => {
    expect((await run(program, parameters)).code).toBe(0);
    expect(await readFile(join(directory, file), "utf8")).toContain("copilot");
    expect((await stat(join(directory, file))).mode & 0o111).toBe(0o111);
  });

  test("any other address is refused by name", async () => {
    expect(await run("wget", ["https://example.com/tool"])).toMatchObject({ code: 4, err: expect.stringContaining("copilot-linux") });
  });
});

test("ruby turns YAML into JSON, as generated buildspecs have it do", async () => {
  const script = "puts JSON.pretty_generate(YAML.load(ARGF))";
  const { out } = await run("ruby", ["-ryaml", "-rjson", "-e", script], "stages:\n  - name: test\n");
  expect(JSON.parse(out)).toEqual({ stages: [{ name: "test" }] });
  expect(await run("ruby", ["-e", "puts 1"])).toMatchObject({ code: 127 });
});

test.each([
  [["-r", ".stages[].name"], '{"stages":[{"name":"test"},{"name":"prod"}]}', "test\nprod\n"],
  [[".services"], '{"services":null}', "null\n"],
  [[".stages[].name"], '{"stages":[{"name":"test"}]}', '"test"\n'],
  [["."], "[1]", "[\n  1\n]\n"],
])("jq %j", async (parameters, input, out) => {
  expect(await run("jq", parameters, input)).toEqual({ code: 0, out, err: "" });
});

test.each([
  [[".a | length"], "{}"],
  [["--arg", "a", "b", "."], "{}"],
  [[".a"], "no json"],
  [[".a"], "[1]"],
])("jq refuses %j of %s", async (parameters, input) => {
  expect(await run("jq", parameters, input)).toMatchObject({ code: 5, out: "", err: expect.stringMatching(/^jq: ./) });
});
