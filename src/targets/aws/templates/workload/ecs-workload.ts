import type { ContainerSpec, TaskSpec, WorkloadSpec } from "../../../../model/workload-spec.ts";
import type { WorkloadFacts } from "../../workload-facts.ts";
import type { HttpRouting } from "./http-routing.ts";

/** What the templates of everything that runs on ECS are made from. */
export interface EcsWorkload {
  readonly spec: WorkloadSpec;
  readonly task: TaskSpec;
  readonly facts: WorkloadFacts;
  /** Set when an application load balancer reaches the workload. */
  readonly routing?: HttpRouting | undefined;
}

/** The container that has the workload's name. */
export const mainContainer = (task: TaskSpec): ContainerSpec => task.containers[0];

/** Every container of the manifest but the main one. */
export const sidecars = (task: TaskSpec): readonly ContainerSpec[] => task.containers.slice(1);

/** The container name of the FireLens log router. */
export const logRouterName = "firelens_log_router";
