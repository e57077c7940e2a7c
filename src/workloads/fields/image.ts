import path from "node:path";

import { either } from "../../manifest/schema/alternatives.ts";
import { dictionary, list } from "../../manifest/schema/collections.ts";
import { optional } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Replacement } from "../../manifest/schema/schema.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { duration, integer, port, text } from "../../manifest/schema/scalars.ts";
import type { Findings } from "../../manifest/rules.ts";
import type { TreePath } from "../../manifest/tree.ts";
import type { ContainerHealthCheck, ImageSource } from "../../model/workload-spec.ts";
import { dependsOn, given, labels } from "./values.ts";

/** How an image is built: the path of a Dockerfile, or a map. */
export const build = either(
  text({ noun: "the path of a Dockerfile" }),
  record({
    context: optional(text(), "Folder that the build sees, from the workspace root.", { defaultNote: "the Dockerfile's folder" }),
    dockerfile: optional(text(), "Path of the Dockerfile, from the workspace root.", { defaultNote: "Dockerfile in the context" }),
    args: optional(dictionary(text(), { keyNoun: "argument", empty: "" }), "Build arguments."),
    target: optional(text(), "Stage of the Dockerfile to build."),
    cache_from: optional(list(text()), "Images whose layers may be used again."),
  }),
);

/** A command inside the container that tells whether it is well. */
export const healthCheck = record({
  command: optional(list(text()), 'Command that ends 0 while the container is well; starts with "CMD" or "CMD-SHELL".', {
    defaultNote: '["CMD-SHELL", "curl -f http://localhost/ || exit 1"]',
  }),
  interval: optional(duration(), "Time between two checks.", { documentedDefault: "10s" }),
  retries: optional(integer(), "Failed checks in a row that make the container unhealthy.", { documentedDefault: 2 }),
  timeout: optional(duration(), "Time that one check may take.", { documentedDefault: "5s" }),
  start_period: optional(duration(), "Time after the start in which failed checks do not count.", { documentedDefault: "0s" }),
});

const builtOrLocated = {
  build: optional(build, "Builds the image from the workspace: the path of a Dockerfile, or a map."),
  location: optional(text(), "Takes an image that exists, instead of building one."),
};

/** Giving one way to get an image drops the other. */
const oneSource: readonly Replacement[] = [
  { giving: ["build"], clears: ["location"] },
  { giving: ["location"], clears: ["build"] },
];

/** An image that is built or exists, as a sidecar has it. Giving one way in an override never dropped the other here. */
export const imageSource = record(builtOrLocated);

const imageFields = {
  ...builtOrLocated,
  credentials: optional(text(), "ARN of the secret with the credentials of a private registry.", { docker: "notice" }),
  labels: optional(labels, "Labels of the container."),
  depends_on: optional(dependsOn, "Sidecars to wait for, each with `start`, `healthy`, `complete` or `success`."),
};

/** The main container's image, without a port. */
export const image = record({ ...imageFields, healthcheck: optional(healthCheck, "Tells whether the container is well.") }, oneSource);

/** The main container's image with a port that may be left out. */
export const imageWithPort = record({ ...image.fields, port: optional(port(), "Port on which the container listens.") }, oneSource);

/** The image of a Request-Driven Web Service. */
export const requestDrivenImage = record({ ...imageFields, port: optional(port(), "Port on which the container listens.") }, oneSource);

const isBlank = (value: Infer<typeof build> | undefined): boolean => value === undefined || value === "";

/** Exactly one of `build` and `location` is there. */
export function requireOneSource(value: Infer<typeof imageSource> | undefined, at: TreePath, findings: Findings): void {
  const built = !isBlank(value?.build);
  const located = value?.location !== undefined;
  if (built && located)
    findings.error([...at, "location"], "An image is either built or taken from a location: `build` and `location` exclude each other.");
  else if (!built && !located)
    findings.error(
      [...at, "build"],
      "The image has neither `build` nor `location`.",
      "Add `build:` with the path of a Dockerfile, or `location:` with an image.",
    );
}

/** The spec's form of a checked image. */
export function toImageSource(value: Infer<typeof imageSource>, credentials?: string): ImageSource {
  const secretOf = given("credentials", credentials);
  if (value.location !== undefined) return { kind: "location", location: value.location, ...secretOf };
  const options: Exclude<Infer<typeof build>, string> = typeof value.build === "string" ? { dockerfile: value.build } : (value.build ?? {});
  const context = options.context ?? "";
  const dockerfile = options.dockerfile ?? "";
  return {
    kind: "build",
    build: {
      dockerfile: path.posix.normalize(dockerfile === "" ? path.posix.join(context, "Dockerfile") : dockerfile),
      context: path.posix.normalize(context === "" ? path.posix.dirname(dockerfile) : context),
      ...given("target", options.target),
      args: options.args ?? {},
      cacheFrom: options.cache_from ?? [],
    },
    ...secretOf,
  };
}

/** The spec's form of a health check; `undefined` where no field of it is given. */
export function toHealthCheck(value: Infer<typeof healthCheck> | undefined): ContainerHealthCheck | undefined {
  if (value === undefined || Object.keys(value).length === 0) return undefined;
  return {
    command: value.command ?? ["CMD-SHELL", "curl -f http://localhost/ || exit 1"],
    interval: value.interval ?? 10,
    retries: value.retries ?? 2,
    timeout: value.timeout ?? 5,
    startPeriod: value.start_period ?? 0,
  };
}
