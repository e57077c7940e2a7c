import { CodePipelineClient, GetPipelineCommand, type StageDeclaration } from "@aws-sdk/client-codepipeline";
import { readArn } from "../../../model/arn.ts";
import type { TargetPipeline } from "../../target.ts";
import { clientSettings, type AwsConnection } from "./connection.ts";
import { calling, codeOf } from "./to-problem.ts";

type Described = Omit<TargetPipeline, "name">;

/** Pipelines of CodePipeline. */
export interface CodePipelines {
  /** By its name there; `undefined` when there is none. */
  readonly describe: (resourceName: string) => Promise<Described | undefined>;
}

/** The pipelines of a region. */
export function openCodePipelines(connection: AwsConnection): CodePipelines {
  const client = new CodePipelineClient(clientSettings(connection));
  return {
    describe: (resourceName) =>
      calling(`describe the pipeline ${resourceName}`, async () => {
        try {
          const { pipeline, metadata } = await client.send(new GetPipelineCommand({ name: resourceName }));
          const arn = readArn(metadata?.pipelineArn ?? "");
          return {
            resourceName,
            region: arn?.region ?? "",
            account: arn?.account ?? "",
            stages: (pipeline?.stages ?? []).map(toStage),
            createdAt: metadata?.created?.toISOString() ?? "",
            updatedAt: metadata?.updated?.toISOString() ?? "",
          };
        } catch (error) {
          if (codeOf(error) === "PipelineNotFoundException") return undefined;
          throw error;
        }
      }),
  };
}

/** A stage is told by its first action. */
function toStage({ name = "", actions }: StageDeclaration): Described["stages"][number] {
  const { actionTypeId, configuration = {} } = actions?.[0] ?? {};
  const category = actionTypeId?.category ?? "";
  const provider = actionTypeId?.provider ?? "";
  return { name, category, provider, details: detailsOf(category, provider, configuration) };
}

function detailsOf(category: string, provider: string, settings: Readonly<Record<string, string>>): string {
  switch (category) {
    case "Source":
      if (provider === "GitHub") return `Repository: ${settings["Owner"] ?? ""}/${settings["Repo"] ?? ""}`;
      return `Repository: ${settings[provider === "CodeCommit" ? "RepositoryName" : "FullRepositoryId"] ?? ""}`;
    case "Build":
      return `BuildProject: ${settings["ProjectName"] ?? ""}`;
    case "Deploy":
      return `StackName: ${settings["StackName"] ?? ""}`;
    default:
      return "";
  }
}
