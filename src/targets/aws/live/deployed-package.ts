import type { WorkloadPackage } from "../../target.ts";
import type { Stacks } from "../clients/stacks.ts";
import { addonsStackId } from "../cloudformation/diff/package-changes.ts";
import { writeStackParameters } from "../compile-workload.ts";
import type { LiveApplications } from "./live-application.ts";
import type { EnvironmentRecord } from "./records.ts";

/** A deployed stack as the files of its package: the template as it was handed over, its parameters, and the template of its addons. */
export async function deployedPackage(
  stackName: string,
  record: EnvironmentRecord,
  live: LiveApplications,
): Promise<WorkloadPackage | undefined> {
  const stacks = await (await live.asManager(record)).stacks();
  const [stack, template] = await Promise.all([stacks.describe(stackName), stacks.template(stackName)]);
  if (stack === undefined || template === undefined) return undefined;
  const { parameters, tags } = stack;
  const addons = await addonsTemplate(stackName, { template, url: parameters["AddonsTemplateURL"] }, stacks);
  return {
    files: [
      { name: `${stackName}.stack.yml`, content: template },
      { name: `${stackName}.params.json`, content: writeStackParameters({ parameters, tags }) },
      ...(addons === undefined ? [] : [{ name: `${stackName}.addons.yml`, content: addons }]),
    ],
    notices: [],
  };
}

interface MaybeExtended {
  readonly template: string;
  /** Where a workload's addons lie: empty when it has none, unset in an environment, whose template says it. */
  readonly url: string | undefined;
}

async function addonsTemplate(stackName: string, { template, url }: MaybeExtended, stacks: Stacks): Promise<string | undefined> {
  if (url === "" || !template.includes(addonsStackId)) return undefined;
  const nested = await stacks.physicalId(stackName, addonsStackId);
  return nested === undefined ? undefined : stacks.template(nested);
}
