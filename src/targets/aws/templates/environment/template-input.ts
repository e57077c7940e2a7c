import type { EnvironmentSpec } from "../../../../model/environment-spec.ts";
import type { EnvironmentFacts } from "../../environment-facts.ts";

/** An environment and the facts about where it is deployed. */
export interface EnvironmentTemplateInput {
  readonly spec: EnvironmentSpec;
  readonly facts: EnvironmentFacts;
}
