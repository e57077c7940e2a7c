/** The two places where an environment can live. */
export const targetNames = ["docker", "aws"] as const;
/** `docker` is any Docker engine; `aws` is CloudFormation, ECS and App Runner. */
export type TargetName = (typeof targetNames)[number];

/** Every workload type, spelt as manifests spell it. */
export const workloadTypes = [
  "Load Balanced Web Service",
  "Request-Driven Web Service",
  "Backend Service",
  "Worker Service",
  "Static Site",
  "Scheduled Job",
] as const;
/** The `type:` of a workload manifest. */
export type WorkloadType = (typeof workloadTypes)[number];

/** Whether `type` is a job; every other workload type is a service. */
export const isJobType = (type: WorkloadType): boolean => type === "Scheduled Job";

/** Names that a workload may not take: they are folders of their own under `copilot/`. */
export const reservedWorkloadNames: readonly string[] = ["pipelines", "environments"];

const namePattern = /^[a-z][a-z0-9-]+$/;

/**
 * Why `name` cannot name an application, environment, workload or pipeline; `undefined` when it can.
 * The rule is that of live applications: contract of names, 2 to 255 characters.
 */
export function nameProblem(name: string): string | undefined {
  if (name.length < 2 || name.length > 255) return `it has ${name.length} characters, and a name has 2 to 255`;
  if (!namePattern.test(name)) return "a name starts with a lower-case letter and goes on with lower-case letters, digits and hyphens";
  if (name.includes("--")) return "a name has no two hyphens in a row";
  if (name.endsWith("-")) return "a name does not end with a hyphen";
  return undefined;
}

/** As {@link nameProblem}, for a workload, which may not take a reserved name; a Request-Driven Web Service has at most 40 characters. */
export function workloadNameProblem(name: string, type?: WorkloadType): string | undefined {
  if (reservedWorkloadNames.includes(name)) return `copilot/${name} is a folder of its own`;
  if (type === "Request-Driven Web Service" && name.length > 40)
    return `it has ${name.length} characters, and a Request-Driven Web Service has at most 40`;
  return nameProblem(name);
}
