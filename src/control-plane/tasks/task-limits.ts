/** A container's part of its task's resources. */
export interface ContainerLimits {
  /** Bytes. */
  readonly memory: number;
  readonly processors: number;
  /** Relative weight; 1024 for one processor. */
  readonly processorShares: number;
}

/** What a task has in all, and what the engine can give. */
export interface TaskResources {
  /** 1024 are one processor. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** Processors of the engine's host; no container may ask for more. */
  readonly hostProcessors: number;
}

/** The main container's part of the memory against one of each sidecar. */
const mainWeight = 3;
/** The least that an engine takes as a limit. */
const leastMemory = 6 * 1024 * 1024;

/**
 * Limits of one of a task's containers. On ECS the limits are the task's; an engine knows those of a container only. Memory is shared
 * out, so that the task never has more than its figure: three parts to the main container, one to each sidecar. Processors are only
 * lent, so each container may use the task's figure, and weights keep the order when they are short.
 */
export function containerLimits(resources: TaskResources, containers: readonly string[], index: number): ContainerLimits {
  const weights = containers.map((_, position) => (position === 0 ? mainWeight : 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const share = (weights[index] ?? 1) / total;
  return {
    memory: Math.max(leastMemory, Math.floor(resources.memory * 1024 * 1024 * share)),
    processors: Math.max(0.01, Math.min(resources.cpu / 1024, resources.hostProcessors)),
    processorShares: Math.max(2, Math.round(resources.cpu * share)),
  };
}
