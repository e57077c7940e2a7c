import type { Environment, Workload } from "../model/application.ts";
import type { TargetSession } from "../targets/target.ts";

/** Which workloads are deployed in an environment, as cheaply as its target tells. */
export async function listDeployed(session: TargetSession, environment: Environment): Promise<readonly Workload[]> {
  if (session.listDeployed !== undefined) return session.listDeployed(environment);
  return (await session.deployedWorkloads(environment)).map(({ workload }) => workload);
}
