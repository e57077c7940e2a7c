import type { SecretSource } from "../../../model/workload-spec.ts";

const lastPart = (path: string): string => path.split("/").findLast((part) => part !== "") ?? path;

/** A name that an environment's secret may have: letters, digits, dots, hyphens and underscores. */
const toAllowed = (text: string): string => text.replaceAll(/[^\w.-]+/g, "-");

/** The ending that Secrets Manager adds to the name in an ARN. */
const arnEnding = /-[A-Za-z0-9]{6}$/;

/** Parts of `name:json-key:stage:id`; a key of the secret's JSON becomes part of the name, as every key is a value of its own. */
function toManagedName(reference: string): string {
  const [name = "", key = ""] = reference.split(":");
  return toAllowed(key === "" ? lastPart(name) : `${lastPart(name)}.${key}`);
}

/**
 * The environment's secret that answers for a secret of AWS: a Systems Manager parameter by the last part of its path (so
 * `/copilot/<app>/<env>/secrets/DB` is `DB`), a Secrets Manager secret by the last part of its name with `.<key>` for a key of its JSON,
 * an export by its name.
 */
export function toSecretName(source: SecretSource): string {
  switch (source.kind) {
    case "secretsmanager":
      return toManagedName(source.name);
    case "from-cfn":
      return toAllowed(source.exportName);
    case "name-or-arn": {
      const managed = /^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:([^:]+)(.*)$/.exec(source.value);
      if (managed !== null) return toManagedName(`${(managed[1] ?? "").replace(arnEnding, "")}${managed[2] ?? ""}`);
      return toAllowed(lastPart(source.value));
    }
  }
}
