/** Roles of an application: names are fixed, for other accounts refer to them. */
export const applicationRoleNames = (application: string) => ({
  administration: `${application}-adminrole`,
  execution: `${application}-executionrole`,
  dnsDelegation: `${application}-DNSDelegationRole`,
});

/** The part of a logical ID that stands for a workload; {@link fromRepositoryId} reads it back. */
export const toRepositoryId = (workload: string): string => `ECRRepo${workload.replaceAll("-", "DASH")}`;

/** The workload of an output `ECRRepo…`; `undefined` for any other output. */
export const fromRepositoryId = (output: string): string | undefined =>
  output.startsWith("ECRRepo") ? output.slice("ECRRepo".length).replaceAll("DASH", "-") : undefined;
