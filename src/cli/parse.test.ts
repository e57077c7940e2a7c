import { describe, expect, test } from "vitest";
import { defineCommand } from "./define.ts";
import { parseArguments } from "./parse.ts";

const command = defineCommand({
  summary: "Tries flags.",
  argument: { name: "where", brief: "Where." },
  flags: {
    name: { kind: "string", short: "n", brief: "Name." },
    tool: { kind: "choice", choices: ["cdk", "yamlpatch"], brief: "Tool." },
    names: { kind: "strings", short: "e", brief: "Names." },
    sources: { kind: "array", brief: "Sources." },
    tags: { kind: "map", brief: "Tags." },
    yes: { kind: "boolean", short: "y", brief: "Yes." },
    deployEnv: { kind: "switch", brief: "Deploy." },
    count: { kind: "number", minimum: 1, maximum: 10, default: 1, brief: "Count." },
    port: { kind: "port", brief: "Port." },
    since: { kind: "duration", brief: "Since." },
    cidr: { kind: "cidr", default: "10.0.0.0/8", brief: "Block." },
  },
  load: () => Promise.resolve({ run: () => Promise.resolve() }),
});
const plain = defineCommand({
  summary: "Takes nothing.",
  flags: { name: { kind: "string", short: "n", brief: "Name." } },
  load: () => Promise.resolve({ run: () => Promise.resolve() }),
});

function flagsOf(...argv: string[]): Readonly<Record<string, unknown>> {
  const parsed = parseArguments(command, "copilot try", argv);
  if (parsed.kind === "help") throw new Error("help was understood");
  return parsed.flags;
}

describe("parseArguments", () => {
  test("gives every flag its value of nothing", () => {
    expect(flagsOf()).toEqual({
      name: undefined,
      tool: undefined,
      names: [],
      sources: [],
      tags: {},
      yes: false,
      deployEnv: undefined,
      count: 1,
      port: undefined,
      since: undefined,
      cidr: "10.0.0.0/8",
    });
  });

  test.each([["--name=api"], ["--name", "api"], ["-n", "api"], ["-napi"], ["-n=api"]])("reads %s %s as pflag does", (...argv) => {
    expect(flagsOf(...argv.filter((word) => word !== undefined))["name"]).toBe("api");
  });

  test.each([
    [["--yes"], true],
    [["--yes=false"], false],
    [["--yes=0"], false],
    [["-y"], true],
  ])("reads the boolean %j", (argv, value) => {
    expect(flagsOf(...argv)["yes"]).toBe(value);
  });

  test.each([
    [["--deploy-env"], true],
    [["--deploy-env=false"], false],
    [[], undefined],
  ])("knows whether a switch was given: %j", (argv, value) => {
    expect(flagsOf(...argv)["deployEnv"]).toBe(value);
  });

  test("splits lists at commas, and arrays not", () => {
    const flags = flagsOf("--names", "a,b", "-e", 'c,"d,e"', "--sources", "x,y", "--sources", "z");
    expect(flags["names"]).toEqual(["a", "b", "c", "d,e"]);
    expect(flags["sources"]).toEqual(["x,y", "z"]);
  });

  test("takes no flag for the value of another, unless it is behind an equals sign", () => {
    expect(() => flagsOf("--name", "--yes")).toThrow("read --name: it needs a value, and --yes is a flag");
    expect(flagsOf("--name=--yes")["name"]).toBe("--yes");
    expect(flagsOf("--name", "--other")["name"]).toBe("--other");
  });

  test("reads maps, and values with an equals sign", () => {
    expect(flagsOf("--tags", "a=1,b=x=y", "--tags", "c=")["tags"]).toEqual({ a: "1", b: "x=y", c: "" });
  });

  test("reads durations as milliseconds", () => {
    expect(flagsOf("--since", "1h30m")["since"]).toBe(5_400_000);
  });

  test.each([
    [["--nmae", "x"], "did you mean --name?"],
    [["--tool", "cdc"], 'did you mean "cdk"?'],
  ])("guesses what %j was meant to be", (argv, hint) => {
    expect(() => flagsOf(...argv)).toThrow(expect.objectContaining({ hint }));
  });

  test.each([
    [["--count", "x"]],
    [["--count", "11"]],
    [["--port", "0"]],
    [["--since", "soon"]],
    [["--cidr", "10.0.0.0"]],
    [["--tags", "x"]],
    [["--yes=maybe"]],
    [["--name"]],
    [["a", "b"]],
  ])("refuses %j with a Problem", (argv) => {
    expect(() => flagsOf(...argv)).toThrow(expect.objectContaining({ name: "Problem" }));
  });

  test("tells how to name something that was given as an argument", () => {
    expect(() => parseArguments(plain, "copilot try", ["api"])).toThrow(
      expect.objectContaining({ hint: "to name something write --name api" }),
    );
  });

  test.each([[["--help"]], [["-h"]], [["--name", "x", "--help"]], [["help"]]])("understands %j as a wish for help", (argv) => {
    expect(parseArguments(plain, "copilot try", argv).kind).toBe("help");
  });
});
