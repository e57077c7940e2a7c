import type { Action, StageManifest } from "../../src/model/pipeline.ts";

/** A stage of a pipeline's manifest that says no more than its name. */
export const sampleStage = (name: string, changes: Partial<StageManifest> = {}): StageManifest => ({
  name,
  requiresApproval: false,
  testCommands: [],
  preDeployments: [],
  postDeployments: [],
  onFailure: "stop",
  ...changes,
});

/** An action that runs one command. */
export const buildAction = (name: string, after: readonly string[] = [], changes: Partial<Action> = {}): Action => ({
  name,
  work: { kind: "build", image: "base", buildspec: { kind: "commands", commands: ["true"] } },
  runOrder: 1,
  after,
  ...changes,
});
