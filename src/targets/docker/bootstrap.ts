import { Problem } from "../../model/problem.ts";
import { approachControlPlane, isOurs, type Approach, type BootstrapDependencies, type ControlPlaneConnection } from "./approach.ts";
import { controlPlaneClient } from "./client.ts";
import { readEngineRecord } from "./engine-record.ts";
import type { Info } from "./protocol.ts";

/** Milliseconds that a control plane on this machine has to say who it is. */
const greetingPatience = 3_000;

async function greet(approach: Approach): Promise<ControlPlaneConnection | undefined> {
  if (!approach.endpoint.local) return undefined;
  const record = await readEngineRecord(approach.recordFile);
  if (record === undefined) return undefined;
  const client = controlPlaneClient(record);
  try {
    const info = await client.call<Info>("GET", "/v1/info", { patience: greetingPatience });
    if (isOurs(info, approach) && info.engine.id === record.engine)
      return { client, info, names: approach.names, close: () => client.close() };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
  client.close();
  return undefined;
}

/**
 * A connection to the control plane of the engine that `docker` points at. One that answered before is greeted without running any
 * command; otherwise it is looked for, started or replaced by our own build. Tasks are not touched by that.
 */
export async function openControlPlane(dependencies: BootstrapDependencies): Promise<ControlPlaneConnection> {
  const approach = await approachControlPlane(dependencies);
  const known = await greet(approach);
  if (known !== undefined) return known;
  const { settleControlPlane } = await import("./settle-control-plane.ts");
  return settleControlPlane(approach);
}
