import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openAccount, type Account } from "../../src/targets/aws/clients/account.ts";
import { awsVariables, region } from "../fakes/aws/aws-bench.ts";
import { emulatedAwsWorld, fakeAwsWorld, type AwsWorld } from "./aws-worlds.ts";
import { emulatorMissing } from "./emulated-aws.ts";

const missing = emulatorMissing();
if (missing !== undefined) process.stderr.write(`The clients of AWS are held to our own fake only: ${missing}.\n`);

const template = `Metadata:
  Version: v1.34.1
Parameters:
  Color:
    Type: String
Resources:
  Topic:
    Type: AWS::SNS::Topic
Outputs:
  Painted:
    Value: !Ref Color
`;

interface Held {
  readonly skipped: boolean;
  /** Whether the summary of a stack's template has its metadata. */
  readonly summarizes: boolean;
}

/** What packaging relies on, of whichever AWS. */
function contract(name: string, open: () => Promise<AwsWorld>, { skipped, summarizes }: Held): void {
  describe.skipIf(skipped)(`the clients of AWS on ${name}`, () => {
    let world: AwsWorld | undefined;
    let opened: Account | undefined;
    const at = (): AwsWorld => {
      if (world === undefined) throw new Error("the world is not open");
      return world;
    };
    const account = (): Account => {
      if (opened === undefined) throw new Error("the account is not open");
      return opened;
    };

    beforeAll(async () => {
      world = await open();
      for (const [key, value] of Object.entries(awsVariables(world.url))) vi.stubEnv(key, value);
      const credentials = async () => ({ accessKeyId: "AKIAHOME", secretAccessKey: "secret" });
      opened = openAccount({ region, credentials, userAgent: [["aws-copilot", "test"]], pathStyle: true }, Date.now);
    });
    afterAll(async () => {
      vi.unstubAllEnvs();
      await world?.close();
    });

    test("parameters are read by name, and all that lie directly below a path, page by page", async () => {
      const names = Array.from({ length: 12 }, (_, index) => `/copilot/applications/app${String(index).padStart(2, "0")}`);
      for (const each of names) await at().putParameter(each, `{"name":"${each}"}`);
      await at().putParameter("/copilot/applications/app00/environments/test", "{}");
      const parameters = await account().parameters();
      expect(await parameters.get(names[3] ?? "")).toBe(`{"name":"${names[3]}"}`);
      expect(await parameters.get("/copilot/applications/none")).toBeUndefined();
      expect(await parameters.list("/copilot/applications/")).toEqual(names.map((each) => `{"name":"${each}"}`));
      expect(await parameters.list("/copilot/none/")).toEqual([]);
    });

    test("a stack is described, with its template and metadata as they were handed over", async () => {
      const outputs = { Painted: "blue" };
      const tags = { "copilot-application": "shop" };
      const resourceTypes = { Topic: "AWS::SNS::Topic" };
      const metadata = "Version: v1.34.1\n";
      await at().putStack("shop-test", { template, metadata, parameters: { Color: "blue" }, outputs, tags, resourceTypes });
      const stacks = await account().stacks();
      expect(await stacks.describe("shop-test")).toMatchObject({ name: "shop-test", parameters: { Color: "blue" }, outputs, tags });
      expect(await stacks.template("shop-test")).toBe(template);
      const [topic, ...others] = (await stacks.resources("shop-test")) ?? [];
      expect(others).toEqual([]);
      expect(topic).toMatchObject({ logicalId: "Topic", type: "AWS::SNS::Topic" });
      expect(await stacks.physicalId("shop-test", "Topic")).toBe(topic?.physicalId);
    });

    test.skipIf(!summarizes)("a stack's metadata is read without its template (the emulator's summaries have none)", async () => {
      const seed = { template, metadata: "Version: v1.34.1\n", parameters: { Color: "red" }, outputs: {}, tags: {}, resourceTypes: {} };
      await at().putStack("shop-prod", seed);
      expect(await (await account().stacks()).metadata("shop-prod")).toContain("v1.34.1");
    });

    test("a stack that is not there is nothing", async () => {
      const stacks = await account().stacks();
      expect(await stacks.describe("none")).toBeUndefined();
      expect(await stacks.template("none")).toBeUndefined();
      expect(await stacks.metadata("none")).toBeUndefined();
      expect(await stacks.resources("none")).toBeUndefined();
      expect(await stacks.physicalId("none", "Topic")).toBeUndefined();
    });

    test("a role gives keys of its own", async () => {
      const credentials = await (await account().identity()).assume(at().role)();
      expect(credentials.accessKeyId).not.toBe("AKIAHOME");
      expect(credentials.sessionToken).not.toBe("");
    });

    test("an object is put, and put again", async () => {
      await at().putBucket("artifacts");
      const objects = await account().objects();
      await objects.put("artifacts", "manual/a b/c.txt", new TextEncoder().encode("text"));
      await objects.put("artifacts", "manual/a b/c.txt", new TextEncoder().encode("text"));
      expect(await at().objectText("artifacts", "manual/a b/c.txt")).toBe("text");
    });

    test("a repository is found by its name, and its registry gives a login", async () => {
      await at().putRepository("shop/api");
      const registry = await account().registry();
      expect(await registry.repositoryUri("shop/api")).toMatch(/\/shop\/api$/);
      expect(await registry.repositoryUri("shop/none")).toBeUndefined();
      const { user, password } = await registry.login();
      expect(user).toBe("AWS");
      expect(password).not.toBe("");
    });

    test("a load balancer that is not there is nothing", async () => {
      expect(await (await account().loadBalancers()).find("none")).toBeUndefined();
    });
  });
}

contract("our own fake", fakeAwsWorld, { skipped: false, summarizes: true });
contract("the emulator", emulatedAwsWorld, { skipped: missing !== undefined, summarizes: false });
