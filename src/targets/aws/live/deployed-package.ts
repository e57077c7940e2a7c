import type { WorkloadPackage } from "../../target.ts";
import { writeStackParameters } from "../compile-workload.ts";
import type { LiveApplications } from "./live-application.ts";
import type { EnvironmentRecord } from "./records.ts";

/** A deployed stack as the files of its package: the template as it was handed over, and its parameters. */
export async function deployedPackage(
  stackName: string,
  record: EnvironmentRecord,
  live: LiveApplications,
): Promise<WorkloadPackage | undefined> {
  const stacks = await (await live.asManager(record)).stacks();
  const [stack, template] = await Promise.all([stacks.describe(stackName), stacks.template(stackName)]);
  if (stack === undefined || template === undefined) return undefined;
  const { parameters, tags } = stack;
  return {
    files: [
      { name: `${stackName}.stack.yml`, content: template },
      { name: `${stackName}.params.json`, content: writeStackParameters({ parameters, tags }) },
    ],
    notices: [],
  };
}
