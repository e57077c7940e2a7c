import { expect, test } from "vitest";
import { Problem } from "./problem.ts";
import { settleAll } from "./settle-all.ts";

const missing = (name: string): Problem => new Problem("file-missing", `read ${name}: it is not there`, { hint: "correct the manifest" });

test("gives what each gave, in order", async () => {
  expect(await settleAll([Promise.resolve(1), "two", Promise.resolve(undefined)])).toEqual([1, "two", undefined]);
});

test("tells all problems together, each once, when none is under way any more", async () => {
  let ended = false;
  const slow = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    ended = true;
    throw new Problem("image-missing", "build c: no Dockerfile", { hint: "write one" });
  });
  const nested = settleAll([Promise.reject(missing("a")), Promise.reject(missing("b"))]);
  const failure: unknown = await settleAll([nested, Promise.reject(missing("a")), slow]).catch((error: unknown) => error);
  expect(ended).toBe(true);
  expect(failure).toMatchObject({
    code: "several-problems",
    message: "read a: it is not there\nread b: it is not there\nbuild c: no Dockerfile",
    hint: "correct the manifest\nwrite one",
  });
  expect(failure instanceof Problem && failure.parts.map(({ code }) => code)).toEqual(["file-missing", "file-missing", "image-missing"]);
});

test("leaves one problem as it is, and problems of one kind their code", async () => {
  const one = missing("a");
  await expect(settleAll([Promise.reject(one), Promise.resolve()])).rejects.toBe(one);
  await expect(settleAll([Promise.reject(missing("a")), Promise.reject(missing("b"))])).rejects.toMatchObject({ code: "file-missing" });
});

test("a defect is told before problems", async () => {
  const defect = new TypeError("x is not a function");
  await expect(settleAll([Promise.reject(missing("a")), Promise.reject(defect)])).rejects.toBe(defect);
});
