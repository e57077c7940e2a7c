import type { SecretSource, ValueOrImport } from "../../../../model/workload-spec.ts";
import { getAtt, importValue, sub } from "../../cloudformation/intrinsics.ts";
import type { GetAtt, Text } from "../../cloudformation/intrinsics.ts";
import { asWritten } from "../../cloudformation/written-text.ts";
import type { ECSTaskDefinitionSecret } from "../../cloudformation/resource-types.ts";
import { sortedEntries } from "./naming.ts";

/** Where ECS and App Runner find a secret's value. */
export function secretReference(source: SecretSource): Text {
  switch (source.kind) {
    case "name-or-arn":
      return asWritten(source.value);
    case "from-cfn":
      return importValue(source.exportName);
    case "secretsmanager":
      return sub(`arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${source.name}`);
  }
}

/** A text, or the import of what another stack exports. */
export const toText = (value: ValueOrImport): Text => (value.kind === "value" ? value.value : importValue(value.exportName));

/** An output of the addons stack. */
export const addonsOutput = (name: string): GetAtt => getAtt("AddonsStack", `Outputs.${name}`);

/** Secrets of a manifest, by name. */
export const manifestSecrets = (secrets: Readonly<Record<string, SecretSource>>): readonly ECSTaskDefinitionSecret[] =>
  sortedEntries(secrets).map(([name, source]) => ({ Name: name, ValueFrom: secretReference(source) }));
