import type { Buildspec, PhaseName } from "../buildspec/buildspec.ts";

/** What the control plane hands to the agent in a build's container, over its standard input. */
export interface BuildJob {
  readonly buildspec: Buildspec;
  /** Variables of the build, secrets among them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the source has been unpacked. */
  readonly sourceDirectory: string;
  /** Unix sockets to listen on, with the label of the channel that each connection becomes. */
  readonly sockets: Readonly<Record<string, string>>;
}

/** What the control plane says to the agent. */
export type AgentOrder = { readonly type: "job"; readonly job: BuildJob } | { readonly type: "stop" };

/** How a build ended. */
export type BuildResult =
  | { readonly kind: "succeeded"; readonly variables: Readonly<Record<string, string>> }
  | { readonly kind: "failed"; readonly phase: PhaseName | "artifacts" | "setup"; readonly reason: string; readonly exitCode?: number };

/** What the agent says to the control plane. Files come in channels labelled `artifact/<name>`, `report/<name>` and `cache`, as tar archives. */
export type AgentReport =
  | { readonly type: "ready" }
  | { readonly type: "line"; readonly text: string }
  | { readonly type: "result"; readonly result: BuildResult };

const hasType = (value: unknown): value is { readonly type: unknown } => typeof value === "object" && value !== null && "type" in value;

/** Whether a message is an order; both sides are of one build, so its type says the rest. */
export const isAgentOrder = (value: unknown): value is AgentOrder => hasType(value) && (value.type === "job" || value.type === "stop");

/** Whether a message is a report; both sides are of one build, so its type says the rest. */
export const isAgentReport = (value: unknown): value is AgentReport =>
  hasType(value) && (value.type === "ready" || value.type === "line" || value.type === "result");
