import { instanceLabel, namePrefix, roleLabel } from "../targets/docker/instance-names.ts";
import type { Labels } from "./engine/engine.ts";

/** Labels that every object of the control plane on an engine carries; what is selected is selected by the instance's. */
export const labelNames = {
  instance: instanceLabel,
  application: "copilot.application",
  environment: "copilot.environment",
  workload: "copilot.workload",
  task: "copilot.task",
  container: "copilot.container",
  /** `holder`, `member`, `volume-setup`, `network`, `volume`, or a part of the platform. */
  role: roleLabel,
  revision: "copilot.revision",
  specification: "copilot.specification",
  /** On a holder: names of the members, with commas. */
  members: "copilot.members",
  /** On a holder: id of the job run that the task belongs to. */
  run: "copilot.run",
  /** On a kept volume: its key in the environment. */
  key: "copilot.key",
} as const;

/** An environment of an application, by names. */
export interface EnvironmentKey {
  readonly application: string;
  readonly environment: string;
}

/** A workload in an environment, by names. */
export interface WorkloadKey extends EnvironmentKey {
  readonly workload: string;
}

/** Name of an environment's network. */
export const networkName = (instance: string, key: EnvironmentKey): string =>
  `${namePrefix(instance)}-${key.application}-${key.environment}`;

/** Name of a volume which an environment keeps. */
export const keptVolumeName = (instance: string, key: EnvironmentKey, volumeKey: string): string =>
  `${networkName(instance, key)}-${volumeKey}`;

/** First part of the names of a task's containers and volumes. */
export const taskName = (instance: string, key: WorkloadKey, taskId: string): string =>
  `${networkName(instance, key)}-${key.workload}-${taskId}`;

/** Name of the container that owns a task's network namespace; no container of a manifest can have a dot in its name. */
export const holderName = (instance: string, key: WorkloadKey, taskId: string): string => `${taskName(instance, key, taskId)}.holder`;

/** Labels of an object that belongs to an environment. */
export const environmentLabels = (instance: string, key: EnvironmentKey): Labels => ({
  [labelNames.instance]: instance,
  [labelNames.application]: key.application,
  [labelNames.environment]: key.environment,
});

/** Labels of an object that belongs to a workload in an environment. */
export const workloadLabels = (instance: string, key: WorkloadKey): Labels => ({
  ...environmentLabels(instance, key),
  [labelNames.workload]: key.workload,
});

/** One text for a workload in an environment, for maps. */
export const workloadId = (key: WorkloadKey): string => `${key.application}/${key.environment}/${key.workload}`;
