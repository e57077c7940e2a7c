import { scaffoldEnvironmentManifest, type ScaffoldEnvironmentInput } from "../../../manifest/environment/scaffold.ts";
import { isJsonObject, type Json, type JsonObject } from "../cloudformation/json.ts";

/**
 * The manifest of an environment whose stack keeps none: made of what its record says. Until version 1.20 of the original, environments had no
 * manifests, and `env init` put what was asked into `customConfig` and `telemetry`.
 */
export function formerManifest(name: string, record: JsonObject): string {
  const custom = record["customConfig"];
  const telemetry = record["telemetry"];
  const insights = isJsonObject(telemetry) ? telemetry["containerInsights"] === true : undefined;
  return scaffoldEnvironmentManifest({
    name,
    ...(custom !== undefined && isJsonObject(custom) ? fromCustomConfig(custom) : {}),
    ...(insights === undefined ? {} : { containerInsights: insights }),
  });
}

function fromCustomConfig(custom: JsonObject): Omit<ScaffoldEnvironmentInput, "name"> {
  const network = toNetwork(custom);
  return {
    ...(network === undefined ? {} : { network }),
    certificates: textsOf(custom["importCertARNs"]),
    internalSubnets: textsOf(custom["internalALBSubnets"]),
    internalVpcIngress: custom["enableInternalALBVPCIngress"] === true,
  };
}

/** An imported network counts before an adjusted one, as a record has one of them only. */
function toNetwork({ importVPC: imported, adjustVPC: adjusted }: JsonObject): ScaffoldEnvironmentInput["network"] {
  if (imported !== undefined && isJsonObject(imported))
    return {
      imported: {
        id: textOf(imported["id"]),
        publicSubnetIds: textsOf(imported["publicSubnetIDs"]),
        privateSubnetIds: textsOf(imported["privateSubnetIDs"]),
      },
    };
  if (adjusted === undefined || !isJsonObject(adjusted)) return undefined;
  return {
    adjusted: {
      cidr: textOf(adjusted["cidr"]),
      availabilityZones: textsOf(adjusted["availabilityZoneNames"]),
      publicSubnetCidrs: textsOf(adjusted["publicSubnetCIDRs"]),
      privateSubnetCidrs: textsOf(adjusted["privateSubnetCIDRs"]),
    },
  };
}

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const textsOf = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? value.map(textOf) : []);
