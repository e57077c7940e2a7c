/** Helpers of `docker` that get a registry's credentials by themselves. */
const knowing = "ecr-login";

/**
 * Whether `docker` gets the credentials of a registry from Amazon's helper, by the text of its `config.json`. A file that cannot be read
 * counts as none: then a login is made.
 */
export function hasCredentialHelper(config: string | undefined, registry: string): boolean {
  const settings = parse(config);
  if (settings["credsStore"] === knowing) return true;
  const helpers = settings["credHelpers"];
  return isMap(helpers) && helpers[registry] === knowing;
}

function parse(config: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(config ?? "{}");
    return isMap(value) ? value : {};
  } catch {
    return {};
  }
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;
