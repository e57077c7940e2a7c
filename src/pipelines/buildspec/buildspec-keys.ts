/** What becomes of a key: it has its meaning, it is told that it has none here, or the build does not start. */
export type KeyVerdict = "supported" | "noticed" | "refused";

/** A key of the buildspec reference and what becomes of it. `*` stands for any name. */
export interface BuildspecKey {
  readonly path: string;
  readonly verdict: KeyVerdict;
  /** For what is not supported: why, and what to do instead. */
  readonly why?: string;
}

const fileSetKeys = (parent: string): readonly BuildspecKey[] =>
  ["files", "base-directory", "discard-paths", "exclude-paths"].map((key) => ({ path: `${parent}.${key}`, verdict: "supported" }));

const artifactKeys = (parent: string): readonly BuildspecKey[] => [
  ...fileSetKeys(parent),
  { path: `${parent}.name`, verdict: "supported" },
  { path: `${parent}.enable-symlinks`, verdict: "supported" },
  { path: `${parent}.s3-prefix`, verdict: "noticed", why: "artifacts are kept by the control plane, which has no bucket" },
];

const phaseKeys: readonly BuildspecKey[] = ["install", "pre_build", "build", "post_build"].flatMap((phase): readonly BuildspecKey[] => [
  { path: `phases.${phase}`, verdict: "supported" },
  ...["run-as", "on-failure", "commands", "finally"].map((key): BuildspecKey => ({ path: `phases.${phase}.${key}`, verdict: "supported" })),
]);

const runtimeWhy = "the build runs with what its image has; choose an image with these versions by build.image";

/** Every key of the reference of version 0.2; a key that is not here is a mistake. */
export const buildspecKeys: readonly BuildspecKey[] = [
  { path: "version", verdict: "supported" },
  { path: "run-as", verdict: "supported" },
  { path: "env", verdict: "supported" },
  ...[
    "shell",
    "variables",
    "variables.*",
    "parameter-store",
    "parameter-store.*",
    "exported-variables",
    "secrets-manager",
    "secrets-manager.*",
  ].map((key): BuildspecKey => ({ path: `env.${key}`, verdict: "supported" })),
  { path: "env.git-credential-helper", verdict: "supported" },
  { path: "proxy", verdict: "noticed", why: "a build reaches the network as its container does; set HTTP_PROXY under env.variables" },
  { path: "proxy.upload-artifacts", verdict: "noticed", why: "artifacts stay on this engine and pass no proxy" },
  { path: "proxy.logs", verdict: "noticed", why: "logs stay on this engine and pass no proxy" },
  ...["batch", "batch.fast-fail", "batch.build-list", "batch.build-matrix", "batch.build-graph", "batch.build-fanout"].map(
    (path): BuildspecKey => ({
      path,
      verdict: "refused",
      why: "a batch starts several builds, and an action of a pipeline is one; make an action of each under pre_deployments or post_deployments",
    }),
  ),
  { path: "phases", verdict: "supported" },
  ...phaseKeys,
  { path: "phases.install.runtime-versions", verdict: "noticed", why: runtimeWhy },
  { path: "phases.install.runtime-versions.*", verdict: "noticed", why: runtimeWhy },
  { path: "reports", verdict: "supported" },
  { path: "reports.*", verdict: "supported" },
  ...fileSetKeys("reports.*").filter(({ path }) => !path.endsWith("exclude-paths")),
  { path: "reports.*.file-format", verdict: "supported" },
  { path: "artifacts", verdict: "supported" },
  ...artifactKeys("artifacts"),
  { path: "artifacts.secondary-artifacts", verdict: "supported" },
  { path: "artifacts.secondary-artifacts.*", verdict: "supported" },
  ...artifactKeys("artifacts.secondary-artifacts.*"),
  { path: "cache", verdict: "supported" },
  ...["paths", "key", "fallback-keys", "action"].map((key): BuildspecKey => ({ path: `cache.${key}`, verdict: "supported" })),
];

const byPath = new Map(buildspecKeys.map((key) => [key.path, key]));

/** The key at `path`; `undefined` when the reference has none there. */
export function findKey(path: readonly string[]): BuildspecKey | undefined {
  const exact = byPath.get(path.join("."));
  if (exact !== undefined) return exact;
  return buildspecKeys.find((key) => {
    const parts = key.path.split(".");
    return parts.length === path.length && parts.every((part, index) => part === "*" || part === path[index]);
  });
}

/** Names that may stand under `path`. */
export function keysUnder(path: readonly string[]): readonly string[] {
  return buildspecKeys
    .map((key) => key.path.split("."))
    .filter((parts) => parts.length === path.length + 1 && path.every((part, index) => parts[index] === "*" || parts[index] === part))
    .map((parts) => parts.at(-1) ?? "");
}
