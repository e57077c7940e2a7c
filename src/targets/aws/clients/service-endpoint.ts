import { partition } from "@aws-sdk/core/client";
import { loadConfig, NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS, NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS } from "@smithy/core/config";

/** Services that are called by {@link ./service-calls.ts}: the prefix of their host, which their signatures name too, and their ID in settings. */
export const services = {
  cloudformation: { prefix: "cloudformation", setting: "CLOUDFORMATION" },
  ssm: { prefix: "ssm", setting: "SSM" },
  sts: { prefix: "sts", setting: "STS" },
} as const;

/** Name of a service of {@link services}. */
export type ServiceName = keyof typeof services;

/**
 * Where a service answers in a region: as the settings of the AWS command line say (`AWS_ENDPOINT_URL_SSM`, `AWS_ENDPOINT_URL`, `endpoint_url`
 * and `services` of the profile), else AWS's own host, with its FIPS and dual-stack variants.
 * See https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html.
 */
export async function serviceEndpoint(service: ServiceName, region: string): Promise<URL> {
  const [ignored, fips, dualStack] = await Promise.all([
    loadConfig(ignoreSetting)(),
    loadConfig(NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS)(),
    loadConfig(NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS)(),
  ]);
  const configured = ignored === "true" ? "" : await loadConfig(endpointSetting(service))();
  if (configured !== "") return new URL(configured);
  return new URL(`https://${hostOf(service, region, { fips, dualStack })}`);
}

/** The host of a service: https://docs.aws.amazon.com/general/latest/gr/rande.html. */
export function hostOf(
  service: ServiceName,
  region: string,
  { fips, dualStack }: { readonly fips: boolean; readonly dualStack: boolean },
): string {
  if (!/^[a-z0-9-]+$/i.test(region)) throw new Error(`Region not accepted: region="${region}" is not a valid hostname component.`);
  const { name, dnsSuffix, dualStackDnsSuffix } = partition(region);
  // In GovCloud the plain endpoints are FIPS endpoints.
  const variant = fips && (dualStack || name !== "aws-us-gov") ? "-fips" : "";
  return `${services[service].prefix}${variant}.${region}.${dualStack ? dualStackDnsSuffix : dnsSuffix}`;
}

const ignoreSetting = {
  environmentVariableSelector: (variables: NodeJS.ProcessEnv) => variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.toLowerCase(),
  configFileSelector: (profile: Profile) => profile["ignore_configured_endpoint_urls"]?.toLowerCase(),
  default: "false",
};

type Profile = Readonly<Record<string, string | undefined>>;

const endpointSetting = (service: ServiceName) => ({
  environmentVariableSelector: (variables: NodeJS.ProcessEnv) =>
    variables[`AWS_ENDPOINT_URL_${services[service].setting}`] || variables["AWS_ENDPOINT_URL"] || undefined,
  configFileSelector: (profile: Profile, file?: Readonly<Record<string, Profile>>) =>
    file?.[`services.${profile["services"] ?? ""}`]?.[`${services[service].setting.toLowerCase()}.endpoint_url`] || profile["endpoint_url"],
  default: "",
});
