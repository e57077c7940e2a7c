import { describe, expect, test } from "vitest";
import { hasCredentialHelper } from "./credential-helper.ts";
import { isImageTag, pushedReference, pushedTags } from "./pushed-image.ts";

const main = { isMain: true, container: "api" };
const sidecar = { isMain: false, container: "nginx" };

describe("the names of a pushed image", () => {
  test.each([
    [main, ["latest"], "r@sha256:1"],
    [{ ...main, commit: "3f2a1bc" }, ["latest", "3f2a1bc"], "r:3f2a1bc"],
    [{ ...main, commit: "3f2a1bc", wished: "v1" }, ["latest", "v1"], "r:v1"],
    [sidecar, ["nginx-latest"], "r@sha256:1"],
    [{ ...sidecar, wished: "v1" }, ["nginx-latest"], "r@sha256:1"],
    [{ ...sidecar, commit: "3f2a1bc", wished: "v1" }, ["nginx-latest", "nginx-3f2a1bc"], "r:nginx-3f2a1bc"],
  ])("%j", (choice, tags, reference) => {
    expect(pushedTags(choice)).toEqual(tags);
    expect(pushedReference("r", choice, "sha256:1")).toBe(reference);
  });

  test("a tag is what a registry takes", () => {
    expect(["v1.2-3", "_x", "a".repeat(128)].filter((text) => !isImageTag(text))).toEqual([]);
    expect(["", "-x", ".x", "a/b", "a b", "a".repeat(129)].filter(isImageTag)).toEqual([]);
  });
});

describe("a helper that knows the registry", () => {
  const registry = "111122223333.dkr.ecr.us-west-2.amazonaws.com";
  test.each([
    [undefined, false],
    ["not JSON", false],
    ["[]", false],
    ['{"credsStore":"desktop"}', false],
    ['{"credsStore":"ecr-login"}', true],
    [`{"credHelpers":{"${registry}":"ecr-login"}}`, true],
    ['{"credHelpers":{"elsewhere":"ecr-login"}}', false],
  ])("%s: %s", (config, expected) => {
    expect(hasCredentialHelper(config, registry)).toBe(expected);
  });
});
