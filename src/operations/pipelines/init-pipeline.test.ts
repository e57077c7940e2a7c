import { expect, test } from "vitest";
import { readBuildspec } from "../../pipelines/buildspec/read-buildspec.ts";
import { generatedBuildspec } from "./generated-buildspec.ts";
import { suggestName, toSource } from "./init-pipeline.ts";

test.each([
  ["https://github.com/example/shop.git", undefined, { provider: "GitHub", repository: "https://github.com/example/shop" }],
  ["git@github.com:example/shop.git", "token", { provider: "GitHubV1", repository: "https://github.com/example/shop" }],
  ["git@bitbucket.org:example/shop.git", undefined, { provider: "Bitbucket", repository: "https://bitbucket.org/example/shop" }],
  [
    "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/shop",
    undefined,
    { provider: "CodeCommit", repository: "https://eu-west-1.console.aws.amazon.com/codesuite/codecommit/repositories/shop/browse" },
  ],
  [
    "codecommit::eu-west-1://shop",
    undefined,
    { provider: "CodeCommit", repository: "https://eu-west-1.console.aws.amazon.com/codesuite/codecommit/repositories/shop/browse" },
  ],
  ["ssh://git@git.example.com/shop.git", undefined, { provider: "Git", repository: "ssh://git@git.example.com/shop.git" }],
  ["copilot", undefined, { provider: "Git", repository: "copilot" }],
])("%s with the token %s", (url, token, source) => {
  expect(toSource(url, token)).toEqual(source);
});

test.each([
  ["https://github.com/example/Shop_Front.git", "main", "shop-front-main"],
  ["copilot", "feature/new--thing", "orders-feature-new-thing"],
  ["https://eu-west-1.console.aws.amazon.com/codesuite/codecommit/repositories/shop/browse", "main", "shop-main"],
  ["https://github.com/example/1", "2", undefined],
])("the name for %s at %s", (url, branch, name) => {
  expect(suggestName(url, branch, "orders")).toBe(name);
});

test("the generated buildspec is one without complaints, for this version, and hands on what the stages deploy", () => {
  const read = readBuildspec("buildspec.yml", generatedBuildspec("shop-main", "1.2.3"));
  expect(read).toMatchObject({ ok: true, warnings: [], value: { artifacts: [{ files: ["infrastructure/**/*"] }] } });
  expect(generatedBuildspec("shop-main", "1.2.3")).toContain("copilot-ts@1.2.3");
});
