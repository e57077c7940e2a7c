import { isMap, type YAMLMap } from "yaml";
import { scalarText } from "../targets/aws/cloudformation/template-source.ts";

/** What an output of an addon template becomes in the workload that has the addon. */
export type AddonOutputKind =
  /** A Secrets Manager secret: a secret of every container. */
  | "secret"
  /** An IAM managed policy: attached to the task role. */
  | "managed-policy"
  /** A security group: added to the service, and a variable too. */
  | "security-group"
  /** Anything else: a variable. */
  | "value";

/** One output of the addons stack. */
export interface AddonOutput {
  /** The logical ID in `Outputs`. */
  readonly name: string;
  readonly kind: AddonOutputKind;
}

const KIND_OF_TYPE: Readonly<Record<string, AddonOutputKind>> = {
  "AWS::SecretsManager::Secret": "secret",
  "AWS::IAM::ManagedPolicy": "managed-policy",
  "AWS::EC2::SecurityGroup": "security-group",
};

/** Reads the outputs of a template in their order. Only a `Ref` to a resource of the same template tells a kind other than `value`. */
export function readAddonOutputs(template: YAMLMap): readonly AddonOutput[] {
  const types = typesByLogicalId(template);
  const outputs = template.get("Outputs", true);
  if (!isMap(outputs)) return [];
  return outputs.items.map((pair) => {
    const value = isMap(pair.value) ? pair.value.get("Value", true) : undefined;
    const target = referenceOf(value);
    const type = target === undefined ? undefined : types.get(target);
    return { name: scalarText(pair.key) ?? "", kind: (type === undefined ? undefined : KIND_OF_TYPE[type]) ?? "value" };
  });
}

function typesByLogicalId(template: YAMLMap): ReadonlyMap<string, string> {
  const resources = template.get("Resources", true);
  if (!isMap(resources)) return new Map();
  return new Map(
    resources.items.map((pair) => {
      const type = isMap(pair.value) ? scalarText(pair.value.get("Type", true)) : undefined;
      return [scalarText(pair.key) ?? "", type ?? ""];
    }),
  );
}

/** The logical ID in `!Ref X` or `{Ref: X}`. */
function referenceOf(value: unknown): string | undefined {
  if (isMap(value)) return scalarText(value.get("Ref", true))?.trim();
  const text = scalarText(value);
  const tag = text === undefined ? undefined : tagOf(value);
  return tag === "!Ref" ? text?.trim() : undefined;
}

function tagOf(node: unknown): string | undefined {
  return typeof node === "object" && node !== null && "tag" in node && typeof node.tag === "string" ? node.tag : undefined;
}
