import type { Findings } from "../../manifest/rules.ts";
import type { TreePath } from "../../manifest/tree.ts";
import { gracePeriodOf, rulesOf } from "./http.ts";
import type { http } from "./http.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { listenersOf } from "./nlb.ts";
import type { nlb } from "./nlb.ts";
import { readPort } from "./ports.ts";
import type { ExposedPorts } from "./ports.ts";
import type { TaskManifest } from "./task.ts";

/** What receives traffic of a service. */
export interface Ingress {
  readonly http: Infer<typeof http> | undefined;
  readonly nlb?: Infer<typeof nlb> | undefined;
}

/** Rules and listeners aim at containers that exist and listen. */
export function checkTargets(manifest: TaskManifest, ingress: Ingress, findings: Findings): void {
  const rules = ingress.http === undefined ? [] : rulesOf(ingress.http);
  const listeners = ingress.nlb === undefined ? [] : listenersOf(ingress.nlb);
  const former = ingress.http?.target_container === undefined && ingress.http?.targetContainer !== undefined;
  for (const [entry, at] of [...rules, ...listeners])
    if (entry.target_container !== undefined) {
      const key = former && at.length === 1 && at[0] === "http" ? "targetContainer" : "target_container";
      checkTargetContainer(manifest, { name: entry.target_container, at: [...at, key] }, findings);
    }
}

function checkTargetContainer(manifest: TaskManifest, target: { readonly name: string; readonly at: TreePath }, findings: Findings): void {
  const sidecar = Object.hasOwn(manifest.sidecars ?? {}, target.name) ? manifest.sidecars?.[target.name] : undefined;
  const isMain = target.name === manifest.name;
  if (!isMain && sidecar === undefined) findings.error(target.at, `There is no container \`${target.name}\`.`);
  else if ((isMain ? manifest.image?.port : sidecar?.port) === undefined)
    findings.error(
      target.at,
      `The container \`${target.name}\` has no port.`,
      isMain ? "Add `image.port`." : `Add \`sidecars.${target.name}.port\`.`,
    );
}

/** Health checks ask a TCP port. */
export function checkHealthCheckPorts(
  manifest: TaskManifest,
  ingress: Ingress & { readonly ports: ExposedPorts },
  findings: Findings,
): void {
  const asked: { readonly port: number | undefined; readonly at: TreePath }[] = [];
  for (const [entry, at] of ingress.http === undefined ? [] : rulesOf(ingress.http)) {
    const own = typeof entry.healthcheck === "object" ? entry.healthcheck.port : undefined;
    asked.push({ port: own ?? entry.target_port ?? manifest.image?.port, at: own === undefined ? at : [...at, "healthcheck", "port"] });
  }
  for (const [entry, at] of ingress.nlb === undefined ? [] : listenersOf(ingress.nlb)) {
    const own = entry.healthcheck?.port;
    asked.push({
      port: own ?? entry.target_port ?? readPort(entry.port)?.port,
      at: own === undefined ? [...at, "port"] : [...at, "healthcheck", "port"],
    });
  }
  for (const { port, at } of asked) {
    const exposed = ingress.ports.all.find((entry) => entry.port === port);
    if (exposed?.protocol === "udp")
      findings.error(
        at,
        `A health check needs a TCP port, and port ${exposed.port} of \`${exposed.container}\` is UDP.`,
        "Set `healthcheck.port` to a TCP port of the task.",
      );
  }
}

/** The grace period belongs to the task, so only one of the load balancers can give it. */
export function checkGracePeriods({ http, nlb }: Ingress, findings: Findings): void {
  if (gracePeriodOf(http?.healthcheck) !== undefined && nlb?.healthcheck?.grace_period !== undefined)
    findings.error(
      ["nlb", "healthcheck", "grace_period"],
      "`http.healthcheck.grace_period` is given too: a service has one grace period.",
      "Keep one of them.",
    );
}
