import type { Environment } from "../model/application.ts";
import { Problem } from "../model/problem.ts";
import type { TargetSession } from "../targets/target.ts";

/** One secret's value in one environment. */
export interface SecretValue {
  readonly name: string;
  readonly environment: string;
  readonly value: string;
}

/** What became of it; `failed` says why. Values are in none of these. */
export interface SecretResult {
  readonly name: string;
  readonly environment: string;
  readonly result: "created" | "overwritten" | "exists" | { readonly failed: string };
}

/** Why a text cannot name a secret; `undefined` when it can. */
export function secretNameProblem(name: string): string | undefined {
  if (!/^[A-Za-z0-9_.-]+$/.test(name)) return "a secret's name has letters, digits and _ . - only";
  return name.length > 200 ? "a secret's name has at most 200 characters" : undefined;
}

/** Puts secrets into environments. A failure in one does not keep the others from being tried. */
export async function putSecrets(
  input: { readonly secrets: readonly SecretValue[]; readonly environments: readonly Environment[]; readonly overwrite: boolean },
  session: Pick<TargetSession, "putSecret">,
): Promise<readonly SecretResult[]> {
  const places = new Map(input.environments.map((environment) => [environment.name, environment]));
  for (const { name, environment } of input.secrets) {
    const problem = secretNameProblem(name);
    if (problem !== undefined) throw new Problem("invalid-name", `name the secret ${JSON.stringify(name)}: ${problem}`);
    if (!places.has(environment))
      throw new Problem("environment-not-found", `put the secret ${name} into ${environment}: there is no such environment`, {
        hint: `run \`copilot env init --name ${environment}\``,
      });
  }
  return Promise.all(
    input.secrets.map(async ({ name, environment, value }): Promise<SecretResult> => {
      const place = places.get(environment);
      if (place === undefined) throw new Error(`The environment ${environment} was checked and is gone.`);
      try {
        return { name, environment, result: await session.putSecret(place, { name, value, overwrite: input.overwrite }) };
      } catch (error) {
        return { name, environment, result: { failed: error instanceof Error ? error.message : String(error) } };
      }
    }),
  );
}
