import { expect, test } from "vitest";
import type { DependencyCondition } from "../../model/workload-spec.ts";
import type { ContainerDocument } from "../../targets/docker/stack-document.ts";
import type { EngineContainer } from "../engine/engine.ts";
import { startDecision } from "./start-order.ts";

const document = (name: string, dependsOn: Readonly<Record<string, DependencyCondition>> = {}): ContainerDocument => ({
  name,
  image: "i",
  essential: true,
  ports: [],
  environment: {},
  secrets: {},
  dependsOn,
  mounts: [],
  labels: {},
  readonlyRootFilesystem: false,
  stopTimeout: 1,
});
const container = (over: Partial<EngineContainer>): EngineContainer => ({
  id: "c",
  name: "c",
  labels: {},
  image: "i",
  imageId: "i",
  state: "created",
  health: "none",
  outOfMemory: false,
  addresses: {},
  ...over,
});
const exited = (exitCode: number): EngineContainer => container({ state: "exited", exitCode });

test.each<[DependencyCondition, Partial<EngineContainer>, "start" | "wait" | "impossible"]>([
  ["START", { state: "created" }, "wait"],
  ["START", { state: "running" }, "start"],
  ["START", exited(1), "start"],
  ["COMPLETE", { state: "running" }, "wait"],
  ["COMPLETE", exited(1), "start"],
  ["SUCCESS", { state: "running" }, "wait"],
  ["SUCCESS", exited(0), "start"],
  ["SUCCESS", exited(1), "impossible"],
  ["HEALTHY", { state: "running", health: "starting" }, "wait"],
  ["HEALTHY", { state: "running", health: "healthy" }, "start"],
  ["HEALTHY", { state: "running", health: "unhealthy" }, "impossible"],
  ["HEALTHY", exited(0), "impossible"],
])("a container that waits for %s of one that is %o is to %s", (condition, state, kind) => {
  const documents = [document("api", { db: condition }), document("db")];
  const started = container(state).state !== "created";
  const decision = startDecision(documents, { api: container({}), db: container(state) });
  if (started) expect(decision.kind).toBe(kind);
  else expect(decision).toEqual({ kind: "start", names: ["db"] });
});

test("all is done once nothing is left to start", () => {
  expect(startDecision([document("api")], { api: container({ state: "running" }) })).toEqual({ kind: "done" });
  expect(startDecision([document("api")], {})).toEqual({ kind: "start", names: ["api"] });
});
