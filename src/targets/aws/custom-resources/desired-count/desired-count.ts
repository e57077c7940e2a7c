import type { CustomResource, Made, Work } from "../lambda/custom-resource.ts";
import { readText } from "../lambda/event.ts";

/** A service by the names that its tags have. */
export interface ServiceTags {
  readonly application: string;
  readonly environment: string;
  readonly service: string;
}

/** The calls that the function makes. */
export interface RunningServices {
  /** ARNs of the ECS services with these tags. */
  readonly find: (tags: ServiceTags) => Promise<readonly string[]>;
  /** How many tasks a service is asked to run; `undefined` when it is not there. */
  readonly desiredCount: (cluster: string, serviceArn: string) => Promise<number | undefined>;
}

/**
 * Tells the number of tasks that autoscaling has arrived at, so that a deployment does not set it back. A failed look gives the manifest's
 * number: no deployment shall stop for it.
 */
export function desiredCount(services: RunningServices): CustomResource {
  const look = async ({ event }: Work): Promise<Made> => {
    const properties = event.ResourceProperties;
    const application = readText(properties, "App");
    const found = await services.find({ application, environment: readText(properties, "Env"), service: readText(properties, "Svc") });
    const [arn] = found;
    const count = arn === undefined || found.length > 1 ? undefined : await services.desiredCount(readText(properties, "Cluster"), arn);
    return { data: { DesiredCount: count ?? properties["DefaultDesiredCount"] } };
  };
  return {
    deadlineMinutes: 9.5,
    physicalResourceId: ({ PhysicalResourceId: existing, ResourceProperties: { App: app, Env: env, Svc: svc } }) =>
      existing ?? `copilot/apps/${String(app)}/envs/${String(env)}/services/${String(svc)}/autoscaling`,
    create: look,
    update: look,
    delete: () => Promise.resolve(),
    insteadOfFailure: ({ ResourceProperties: properties }) => ({ data: { DesiredCount: properties["DefaultDesiredCount"] } }),
  };
}
