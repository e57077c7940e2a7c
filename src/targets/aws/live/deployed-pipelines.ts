import { readArn } from "../../../model/arn.ts";
import type { TargetPipeline } from "../../target.ts";
import type { LiveApplications } from "./live-application.ts";

/** The pipelines of an application that are deployed, by name. Those of before their stacks were named after it have CodePipeline's name. */
export async function deployedPipelines(application: string, { home }: LiveApplications): Promise<readonly TargetPipeline[]> {
  const [tagged, pipelines] = await Promise.all([home.tagged(), home.codePipelines()]);
  const found = await tagged.find("codepipeline:pipeline", { "copilot-application": application });
  const described = await Promise.all(
    found.map(async ({ arn, tags }) => {
      const resourceName = readArn(arn)?.resource ?? arn;
      const description = await pipelines.describe(resourceName);
      return description === undefined ? [] : [{ name: tags["copilot-pipeline"] ?? resourceName, ...description }];
    }),
  );
  return described.flat().toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
