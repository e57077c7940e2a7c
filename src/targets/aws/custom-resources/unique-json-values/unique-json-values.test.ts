import { describe, expect, it } from "vitest";
import { invoke, type Invocation } from "../../../../../test/fakes/custom-resources/invocation.ts";
import { uniqueJsonValues } from "./unique-json-values.ts";

const CREATE: Invocation = {
  type: "Create",
  properties: {
    Aliases: '{"web":["b.example.com","a.example.com"],"api":["a.example.com"],"nlb":["n.example.com"]}',
    FilterFor: "web,api",
    AdditionalStrings: ["c.example.com", ""],
  },
};

describe("uniqueJsonValues", () => {
  it.each(["Create", "Update"] as const)("collects the aliases of the given workloads on %s", async (type) => {
    expect(await invoke(uniqueJsonValues(), { ...CREATE, type })).toMatchObject({
      Status: "SUCCESS",
      PhysicalResourceId: "TheAction",
      Data: { UniqueValues: ["a.example.com", "b.example.com", "c.example.com"] },
    });
  });

  it("finds nothing where there is nothing", async () => {
    const properties = { Aliases: "", FilterFor: "" };
    expect(await invoke(uniqueJsonValues(), { type: "Create", properties })).toMatchObject({ Data: { UniqueValues: [] } });
  });

  it("takes a single alias for a list of one", async () => {
    const properties = { Aliases: '{"web":"a.example.com","api":null}', FilterFor: "web,api" };
    expect(await invoke(uniqueJsonValues(), { type: "Create", properties })).toMatchObject({ Data: { UniqueValues: ["a.example.com"] } });
  });

  it("keeps a live physical id and has nothing to delete", async () => {
    const answer = await invoke(uniqueJsonValues(), { ...CREATE, type: "Delete", physicalResourceId: "UniqueAliasesAction" });
    expect(answer).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: "UniqueAliasesAction" });
  });

  it.each(["{", "[]", "3"])("fails on aliases that are %j", async (Aliases) => {
    const answer = await invoke(uniqueJsonValues(), { type: "Create", properties: { ...CREATE.properties, Aliases } });
    expect(answer).toMatchObject({ Status: "FAILED", Reason: expect.stringContaining("Cannot parse") });
  });
});
