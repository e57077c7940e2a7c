import type { JsonObject } from "../../targets/aws/cloudformation/json.ts";
import { toLogicalId, toVariableName } from "../../targets/aws/templates/workload/naming.ts";
import type { StorageRequest } from "./storage-request.ts";

/** What is left to do for a person whose workload shall use storage. */
export interface StorageUse {
  /** The variable in which the workload finds the storage: a name, or for databases a secret. */
  readonly variable: string;
  /** What to add to the workload's manifest; unset when Copilot injects everything by itself. */
  readonly manifest: JsonObject | undefined;
}

/** How a workload gets at storage, once its files are written. */
export function storageUse({ name, storage, lifecycle, workload }: StorageRequest): StorageUse {
  const id = toLogicalId(name);
  const isAppRunner = workload.type === "Request-Driven Web Service";
  if (storage.kind !== "aurora") {
    const suffix = storage.kind === "s3" ? "BucketName" : "DdbTableName";
    return { variable: toVariableName(lifecycle === "workload" ? `${id}Name` : `${id}Name${suffix}`), manifest: undefined };
  }
  if (lifecycle === "workload") {
    const secret = toVariableName(`${id}Secret`);
    if (!isAppRunner) return { variable: secret, manifest: undefined };
    return { variable: `${secret}_ARN`, manifest: { network: { vpc: { placement: "private" } } } };
  }
  const secrets = { DB_SECRET: { from_cfn: exportOf(`${id}AuroraSecret`) } };
  const vpc = isAppRunner ? { placement: "private" } : { security_groups: [{ from_cfn: exportOf(`${id}SecurityGroup`) }] };
  return { variable: "DB_SECRET", manifest: { network: { vpc }, secrets } };
}

const exportOf = (suffix: string): string => `\${COPILOT_APPLICATION_NAME}-\${COPILOT_ENVIRONMENT_NAME}-${suffix}`;
