import { either } from "../../manifest/schema/alternatives.ts";
import { dictionary, list } from "../../manifest/schema/collections.ts";
import { optional } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { choice, flag, text } from "../../manifest/schema/scalars.ts";
import type { NetworkPlacement } from "../../model/workload-spec.ts";
import { textOrTexts, toTexts, toValue, valueOrImport } from "./values.ts";

const subnets = either(
  list(text({ noun: "a subnet id" })),
  record({
    from_tags: optional(
      dictionary(textOrTexts, { keyNoun: "tag" }),
      "Finds subnets by their tags: all tags have to match, and of several values of a tag, any.",
      { docker: "notice" },
    ),
  }),
);

/** Where tasks are placed. */
export const placement = either(
  choice(["public", "private"]),
  record({ subnets: optional(subnets, "Subnets by id, or found by tags.", { docker: "notice" }) }),
);

const groups = list(valueOrImport);

const securityGroups = either(
  groups,
  record({
    groups: optional(groups, "Further security groups by id, or from CloudFormation exports.", { docker: "notice" }),
    deny_default: optional(flag(), "Leaves out the environment's own security group.", { documentedDefault: false, docker: "notice" }),
  }),
);

const connect = either(
  flag(),
  record({ alias: optional(text(), "Name at which other workloads reach this one.", { defaultNote: "the workload's name" }) }),
);

/** A workload's network. */
export const network = record({
  connect: optional(connect, "Service Connect: `true`, or a map with an alias.", { documentedDefault: false }),
  vpc: optional(
    record({
      placement: optional(placement, "`public`, `private`, or a map with subnets.", { documentedDefault: "public", docker: "notice" }),
      security_groups: optional(securityGroups, "Further security groups: a list, or a map.", { docker: "notice" }),
    }),
    "Placement in the environment's network.",
    { docker: "notice" },
  ),
});

/** The network of a Request-Driven Web Service. */
export const requestDrivenNetwork = record({
  vpc: optional(
    record({
      placement: optional(placement, "`private`, or a map with subnets: lets the service reach the environment's network.", {
        docker: "notice",
      }),
    }),
    "Placement in the environment's network.",
    { docker: "notice" },
  ),
});

type Network = Infer<typeof network>;

/** The spec's form of a placement; public where nothing is said. */
export function toPlacement(value: Network | undefined): NetworkPlacement {
  const { placement: where, security_groups: given } = value?.vpc ?? {};
  const advanced = given === undefined || isList(given) ? undefined : given;
  const ids = given !== undefined && isList(given) ? given : (advanced?.groups ?? []);
  return {
    placement: toPlace(where),
    securityGroups: ids.map(toValue),
    denyDefaultSecurityGroup: advanced?.deny_default ?? false,
  };
}

function toPlace(where: Infer<typeof placement> | undefined): NetworkPlacement["placement"] {
  if (where === undefined || typeof where === "string") return { kind: where ?? "public" };
  const found = where.subnets;
  if (found === undefined) return { kind: "public" };
  if (isList(found)) return { kind: "subnets", ids: found };
  return {
    kind: "subnet-tags",
    tags: Object.fromEntries(Object.entries(found.from_tags ?? {}).map(([tag, values]) => [tag, toTexts(values)])),
  };
}

/** Whether a value of several forms is in its list form; `Array.isArray` does not narrow read-only lists. */
const isList = <T>(value: readonly T[] | object): value is readonly T[] => Array.isArray(value);

/** Whether Service Connect is asked for, and under which alias; an empty one stands for the workload's name. */
export function toConnect(value: Network | undefined): { readonly enabled: boolean; readonly alias?: string } {
  const given = value?.connect;
  if (given === undefined || typeof given === "boolean") return { enabled: given ?? false };
  if (given.alias === undefined) return { enabled: false };
  return given.alias === "" ? { enabled: true } : { enabled: true, alias: given.alias };
}
