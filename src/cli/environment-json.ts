import type { Environment } from "../model/application.ts";

/** An environment as the original's JSON has it, with what Docker adds. */
export const toEnvironmentJson = (environment: Environment) => ({
  ...environment.record,
  app: environment.application,
  name: environment.name,
  region: environment.region ?? "",
  accountID: environment.accountId ?? "",
  target: environment.target,
  ...(environment.port === undefined ? {} : { port: environment.port }),
});
