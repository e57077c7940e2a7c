import type { Infer } from "../../manifest/schema/schema.ts";
import type { HttpIngress } from "../../model/workload-spec.ts";
import { rulesOf, toHttpRule } from "./http.ts";
import type { http } from "./http.ts";
import type { ExposedPorts } from "./ports.ts";
import { given } from "./values.ts";

/** What `http` becomes besides its own fields. */
export interface HttpContext {
  readonly scope: HttpIngress["scope"];
  /** Name of the main container. */
  readonly main: string;
  readonly ports: ExposedPorts;
  /** Seconds; left out where another load balancer gives it. */
  readonly gracePeriod: number | undefined;
}

/** The spec's form of `http`; `undefined` where no rule reaches a port. */
export function toHttpIngress(value: Infer<typeof http>, { scope, main, ports, gracePeriod }: HttpContext): HttpIngress | undefined {
  const rules = rulesOf(value).map(([entry]) => toHttpRule(entry, main, ports));
  const [first, ...others] = rules.filter((rule) => rule !== undefined);
  if (first === undefined) return undefined;
  return { scope, ...given("importedLoadBalancer", value.alb), rules: [first, ...others], ...given("gracePeriod", gracePeriod) };
}
