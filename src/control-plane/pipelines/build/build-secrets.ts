import type { SecretVariable } from "../../../pipelines/buildspec/buildspec.ts";
import { Problem } from "../../../model/problem.ts";
import type { SecretSource } from "../../secrets/secret-source.ts";

/** Where secrets of a whole application are kept; no environment can have this name. */
export const applicationSecrets = ":application";

/** Secrets of environments and applications, by name. */
export type BuildSecretSource = SecretSource & {
  names(key: { readonly application: string; readonly environment: string }): readonly string[];
};

/** The place in which a build looks for its secrets. */
export interface SecretPlace {
  readonly application: string;
  /** Environments in the order in which they are asked, after the application itself. */
  readonly environments: readonly string[];
}

/** The values of a build's secret variables. Rejects with a Problem when one is not there or belongs to another application. */
export async function resolveBuildSecrets(
  variables: readonly SecretVariable[],
  place: SecretPlace,
  secrets: BuildSecretSource,
): Promise<Readonly<Record<string, string>>> {
  const values = await Promise.all(
    variables.map(async (variable) => [variable.variable, await resolveOne(variable, place, secrets)] as const),
  );
  return Object.fromEntries(values);
}

async function resolveOne(variable: SecretVariable, place: SecretPlace, secrets: BuildSecretSource): Promise<string> {
  const { name, environments } = locate(variable, place);
  const environment = environments.find((candidate) =>
    secrets.names({ application: place.application, environment: candidate }).includes(name),
  );
  if (environment === undefined) {
    const named = environments.filter((candidate) => candidate !== applicationSecrets);
    throw new Problem(
      "secret-not-found",
      `The build has no value for ${variable.variable}: there is no secret ${name} in ${named.join(" or ") || "the application"}`,
      {
        hint: `copilot secret init --name ${name}`,
      },
    );
  }
  const resolved = await secrets.resolve({ application: place.application, environment }, { [variable.variable]: name });
  const value = resolved[variable.variable] ?? "";
  return variable.jsonKey === undefined ? value : pick(value, variable.jsonKey, name);
}

/** Which secret a reference means. Copilot's own parameter names say their application and environment. */
function locate(
  { reference, variable }: SecretVariable,
  place: SecretPlace,
): { readonly name: string; readonly environments: readonly string[] } {
  const own = /^\/copilot\/(?<application>[^/]+)\/(?<environment>[^/]+)\/secrets\/(?<name>[^/]+)$/.exec(reference)?.groups;
  if (own?.["application"] !== undefined && own["application"] !== place.application) {
    throw new Problem(
      "secret-refused",
      `The build may not read ${reference} for ${variable}: it is a secret of application ${own["application"]}`,
      {
        hint: `Store the secret in ${place.application} and name it there.`,
      },
    );
  }
  if (own?.["environment"] !== undefined && own["name"] !== undefined) return { name: own["name"], environments: [own["environment"]] };
  const last = reference.split(/[/:]/).findLast((part) => part !== "") ?? reference;
  // Secrets Manager ends the name in an ARN with a hyphen and six letters of its own.
  const name = reference.startsWith("arn:aws") && reference.includes(":secretsmanager:") ? last.replace(/-[A-Za-z0-9]{6}$/, "") : last;
  return { name, environments: [applicationSecrets, ...place.environments] };
}

function pick(value: string, key: string, name: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw new Problem("secret-not-json", `The secret ${name} has no key ${key}: its value is not JSON`);
  }
  const found =
    typeof parsed === "object" && parsed !== null ? Object.entries(parsed).find(([candidate]) => candidate === key)?.[1] : undefined;
  if (found === undefined) throw new Problem("secret-not-found", `The secret ${name} has no key ${key}`);
  return typeof found === "string" ? found : JSON.stringify(found);
}
