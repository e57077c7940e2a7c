import { afterEach, describe, expect, it, vi } from "vitest";
import { hostOf, serviceEndpoint } from "./service-endpoint.ts";

const plain = { fips: false, dualStack: false };

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("hostOf", () => {
  it.each([
    ["ssm", "eu-west-1", plain, "ssm.eu-west-1.amazonaws.com"],
    ["cloudformation", "cn-north-1", plain, "cloudformation.cn-north-1.amazonaws.com.cn"],
    ["sts", "us-gov-west-1", plain, "sts.us-gov-west-1.amazonaws.com"],
    ["sts", "us-east-1", { fips: true, dualStack: false }, "sts-fips.us-east-1.amazonaws.com"],
    ["ssm", "us-gov-west-1", { fips: true, dualStack: false }, "ssm.us-gov-west-1.amazonaws.com"],
    ["cloudformation", "eu-west-1", { fips: false, dualStack: true }, "cloudformation.eu-west-1.api.aws"],
    ["cloudformation", "us-east-1", { fips: true, dualStack: true }, "cloudformation-fips.us-east-1.api.aws"],
    ["ssm", "xx-nowhere-9", plain, "ssm.xx-nowhere-9.amazonaws.com"],
  ] as const)("%s in %s, %j: %s", (service, region, variant, host) => {
    expect(hostOf(service, region, variant)).toBe(host);
  });
});

it("takes no region that would lead elsewhere", () => {
  expect(() => hostOf("ssm", "us west/", plain)).toThrow("Region not accepted");
});

describe("serviceEndpoint", () => {
  const at = async (variables: Readonly<Record<string, string>>): Promise<string> => {
    for (const [name, value] of Object.entries({
      AWS_CONFIG_FILE: "/nonexistent",
      AWS_SHARED_CREDENTIALS_FILE: "/nonexistent",
      ...variables,
    }))
      vi.stubEnv(name, value);
    return (await serviceEndpoint("ssm", "eu-west-1")).href;
  };

  it("is AWS's own without settings", async () => {
    expect(await at({})).toBe("https://ssm.eu-west-1.amazonaws.com/");
  });

  it("is what variables say, the service's own first, unless they are to be ignored", async () => {
    expect(await at({ AWS_ENDPOINT_URL: "http://localhost:1/a" })).toBe("http://localhost:1/a");
    expect(await at({ AWS_ENDPOINT_URL_SSM: "http://localhost:2" })).toBe("http://localhost:2/");
    expect(await at({ AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" })).toBe("https://ssm.eu-west-1.amazonaws.com/");
  });

  it("is AWS's variant that variables ask for", async () => {
    expect(await at({ AWS_USE_FIPS_ENDPOINT: "true" })).toBe("https://ssm-fips.eu-west-1.amazonaws.com/");
    expect(await at({ AWS_USE_DUALSTACK_ENDPOINT: "true" })).toBe("https://ssm-fips.eu-west-1.api.aws/");
  });
});
