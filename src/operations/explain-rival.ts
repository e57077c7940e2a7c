import { join } from "node:path";
import { Problem } from "../model/problem.ts";
import type { WorkloadSpec } from "../model/workload-spec.ts";
import { listWorkloadManifests } from "../state/workspace.ts";
import { resolveWorkload } from "../workloads/load.ts";
import { findClaimConflicts, placedClaims } from "./claim-conflicts.ts";
import type { OperationContext } from "./operation-context.ts";

/** A refusal because another workload has the route already, with the places of both manifests as far as the workspace has them. */
export async function explainRival(error: unknown, spec: WorkloadSpec, context: OperationContext): Promise<unknown> {
  if (!(error instanceof Problem) || error.code !== "route-taken") return error;
  const { files, root, variables } = context;
  const { application, environment, name } = spec;
  const claims = (await listWorkloadManifests(files, root)).flatMap(({ path, text }) => {
    const readText = (other: string): string | undefined => files.readTextNow(join(root, other));
    const loaded = resolveWorkload({ file: path, text, application, environment, variables, lenient: true, readText });
    return loaded.ok ? placedClaims(loaded.value) : [];
  });
  const own = claims.filter(({ workload }) => workload === name);
  const others = claims.filter(({ workload }) => workload !== name);
  const conflicts = findClaimConflicts([...others, ...own], "error").filter(
    ({ kind, diagnostic }) => kind === "port" && own.some(({ range }) => range === diagnostic.at),
  );
  if (conflicts.length === 0) return error;
  const { code, message, hint } = error;
  return new Problem(code, message, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
    diagnostics: conflicts.map(({ diagnostic }) => diagnostic),
  });
}
