import type { EnvironmentKey } from "../object-names.ts";

/** Gives containers their secrets, and hides them everywhere else. */
export interface SecretSource {
  /** Values by variable, for secrets given by variable → name. Rejects with a Problem that names what is missing. */
  resolve(key: EnvironmentKey, names: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>>;
  /** The text with every value of the environment's secrets replaced by stars. */
  mask(key: EnvironmentKey, text: string): string;
}
