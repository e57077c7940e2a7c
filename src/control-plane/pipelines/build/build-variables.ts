import { createHash } from "node:crypto";
import type { Action } from "../../../model/pipeline.ts";
import type { ExecutionState } from "../../../pipelines/execution/state.ts";
import { sourceDirectory } from "./run-build.ts";

/** What the variables of a build are made of. */
export interface BuildSetting {
  readonly execution: ExecutionState;
  readonly stage: string;
  readonly action: Action;
  readonly attempt: number;
  readonly now: Date;
}

/** Name of the project that CodeBuild would have for an action. */
export const projectName = ({ execution, stage, action }: BuildSetting): string =>
  stage === "Build" ? `pipeline-${execution.pipeline.application}-${execution.pipeline.name}-BuildProject` : `${action.name}-${stage}`;

/** A build's id: equal for each time that the same attempt is made, as after a crash. */
export function buildUuid({ execution, stage, action, attempt }: BuildSetting): string {
  const hex = createHash("sha256").update(`${execution.id}\0${execution.startedAt}\0${stage}\0${action.name}\0${attempt}`).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

/** The variables that CodeBuild and the pipeline give every build. */
export function buildVariables(setting: BuildSetting): Readonly<Record<string, string>> {
  const { execution, action, now } = setting;
  const { pipeline, trigger } = execution;
  const project = projectName(setting);
  const environment = action.work.kind === "build" ? action.work.environment : undefined;
  const id = `${project}:${buildUuid(setting)}`;
  return {
    CI: "true",
    CODEBUILD_CI: "true",
    CODEBUILD_BUILD_ARN: `arn:copilot:codebuild:docker:${pipeline.application}:build/${id}`,
    CODEBUILD_BUILD_ID: id,
    CODEBUILD_BUILD_IMAGE: action.work.kind === "build" ? action.work.image : "",
    CODEBUILD_BUILD_NUMBER: String(execution.number),
    CODEBUILD_BUILD_SUCCEEDING: "1",
    CODEBUILD_INITIATOR: `codepipeline/${pipeline.name}`,
    CODEBUILD_LOG_PATH: `${setting.stage}/${action.name}`,
    CODEBUILD_PROJECT_UUID: buildUuid({ ...setting, attempt: 0 }),
    CODEBUILD_RESOLVED_SOURCE_VERSION: trigger.commit,
    CODEBUILD_SOURCE_REPO_URL: pipeline.source.repository,
    CODEBUILD_SOURCE_VERSION: trigger.commit,
    CODEBUILD_SRC_DIR: sourceDirectory,
    CODEBUILD_START_TIME: String(now.getTime()),
    CODEBUILD_WEBHOOK_TRIGGER: `branch/${trigger.branch}`,
    CODEBUILD_WEBHOOK_HEAD_REF: `refs/heads/${trigger.branch}`,
    COPILOT_APPLICATION_NAME: pipeline.application,
    COPILOT_CONTROL_PLANE: "unix:/run/copilot/control-plane.sock",
    COPILOT_USER: trigger.user,
    ...(environment === undefined ? {} : { COPILOT_ENVIRONMENT_NAME: environment }),
  };
}
