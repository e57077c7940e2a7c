import { describe, expect, test } from "vitest";
import { connectionName, parseRepository } from "./repository.ts";

describe("parseRepository", () => {
  test.each([
    ["GitHub", "https://github.com/some-owner/some-repo", { owner: "some-owner", name: "some-repo" }],
    ["GitHub", "some-owner/some-repo", { owner: "some-owner", name: "some-repo" }],
    ["GitHubV1", "https://github.com/some-owner/some-repo", { owner: "some-owner", name: "some-repo" }],
    ["Bitbucket", "https://bitbucket.org/team/service", { owner: "team", name: "service" }],
    [
      "CodeCommit",
      "https://eu-west-1.console.aws.amazon.com/codesuite/codecommit/repositories/orders/browse",
      { owner: "", name: "orders" },
    ],
  ] as const)("%s %s", (provider, location, repository) => {
    expect(parseRepository(provider, location)).toEqual(repository);
  });

  test.each([
    ["GitHub", "some-repo"],
    ["Bitbucket", "team/service"],
    ["CodeCommit", "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/orders"],
  ] as const)("%s does not understand %s", (provider, location) => {
    expect(parseRepository(provider, location)).toBeUndefined();
  });
});

test("a connection's name keeps what fits of owner and repository", () => {
  expect(connectionName({ owner: "example-owner", name: "a-repository-with-a-long-name" })).toBe("copilot-examp-a-repository-with-");
});
