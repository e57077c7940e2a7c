/** The part of a logical ID that stands for a name: letters and digits only. */
export const alphanumeric = (name: string): string => name.replaceAll(/[^a-zA-Z0-9]/g, "");

/** The part of a logical ID that stands for an environment's test project; live stacks have it in this other form. */
export const withDashes = (name: string): string => name.replaceAll("-", "DASH");

/** Logical ID of the project of an action before or after deployments. */
export const actionProjectId = (when: "Pre" | "Post", stage: string, action: string): string =>
  `${when}${alphanumeric(stage)}DeploymentAction${alphanumeric(action)}`;

/** Logical ID of the project of a stage's test commands. */
export const testProjectId = (stage: string): string => `BuildTestCommands${withDashes(stage)}`;
