import { ref } from "../../cloudformation/intrinsics.ts";
import { toJsonObject } from "../../cloudformation/json.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import type { WorkloadSpec } from "../../../../model/workload-spec.ts";
import type { WorkloadFacts } from "../../workload-facts.ts";
import { sharedResources } from "./environment-controller.ts";

/** The nested stack of the workload's addons, which exists when its template was uploaded. */
export const addonsStack = (spec: WorkloadSpec, facts: WorkloadFacts): Resources => ({
  AddonsStack: resource(
    "AWS::CloudFormation::Stack",
    {
      Parameters: toJsonObject({
        App: ref("AppName"),
        Env: ref("EnvName"),
        Name: ref("WorkloadName"),
        ...facts.addons?.parameters,
      }),
      TemplateURL: ref("AddonsTemplateURL"),
    },
    {
      description: "A nested stack of your own AWS resources",
      dependsOn: sharedResources(spec, facts).length > 0 ? "EnvControllerAction" : undefined,
      condition: "HasAddons",
    },
  ),
});
