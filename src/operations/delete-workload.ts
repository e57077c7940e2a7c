import type { Environment } from "../model/application.ts";
import type { TargetSession } from "../targets/target.ts";
import { finish, type Follower } from "./follow.ts";

/** Which workload to delete from where. */
export interface DeleteWorkloadInput {
  readonly application: string;
  readonly name: string;
  readonly environments: readonly Environment[];
  /** Whether the application forgets it too. */
  readonly forget: boolean;
}

/** Deletes a workload from environments, all at once, and then its record. */
export async function deleteWorkload(
  input: DeleteWorkloadInput,
  context: Follower & { readonly session: TargetSession; readonly signal: AbortSignal },
): Promise<void> {
  const { session, signal } = context;
  const deployed = await Promise.all(
    input.environments.map(async (environment) => ({
      environment,
      isDeployed: (await session.deployedWorkloads(environment)).some(({ workload }) => workload.name === input.name),
    })),
  );
  await Promise.all(
    deployed
      .filter(({ isDeployed }) => isDeployed)
      .map(({ environment }) => {
        const step = { id: `delete-${environment.name}`, title: `Delete ${input.name} from ${environment.name}` };
        return finish(step, session.deleteWorkload(environment, input.name, signal), context);
      }),
  );
  if (input.forget) await session.records.deleteWorkload(input.application, input.name);
}
