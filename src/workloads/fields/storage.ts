import { crc32 } from "node:zlib";

import { either } from "../../manifest/schema/alternatives.ts";
import { dictionary } from "../../manifest/schema/collections.ts";
import { optional } from "../../manifest/schema/fields.ts";
import { record } from "../../manifest/schema/record.ts";
import type { Replacement } from "../../manifest/schema/schema.ts";
import type { Infer } from "../../manifest/schema/schema.ts";
import { flag, integer, text } from "../../manifest/schema/scalars.ts";
import type { Findings } from "../../manifest/rules.ts";
import type { MountPoint, VolumeSpec } from "../../model/workload-spec.ts";
import { given, idOrImport, toValue } from "./values.ts";

/** A path inside a container or a file system, of characters that no shell minds. */
export const volumePath = text({
  noun: "a path",
  problem: (path) =>
    path === "" || /^[a-zA-Z0-9\-._/]+$/.test(path) ? undefined : `The path \`${path}\` may only hold letters, digits and \`-._/\`.`,
});

const auth = record({
  iam: optional(flag(), "Authorises the mount with the task's role.", { documentedDefault: false, docker: "notice" }),
  access_point_id: optional(text(), "Access point to mount through.", { docker: "notice" }),
});

const userId = integer({ min: 0, max: 4_294_967_295, noun: "a user or group id" });

/** Naming a user asks for a managed file system, naming an id for one that exists: each drops the other. */
const oneKind: readonly Replacement[] = [
  { giving: ["uid", "gid"], clears: ["id", "root_dir", "auth"] },
  { giving: ["id", "root_dir", "auth"], clears: ["uid", "gid"] },
];

const efs = either(
  flag(),
  record(
    {
      id: optional(idOrImport, "File system that exists; on Docker, the environment's volume of that name."),
      root_dir: optional(volumePath, "Folder of the file system to mount.", { documentedDefault: "/" }),
      auth: optional(auth, "How the mount is authorised.", { docker: "notice" }),
      uid: optional(userId, "Owner of a managed file system's files; not 0.", { defaultNote: "made from the workload's name" }),
      gid: optional(userId, "Group of a managed file system's files.", { defaultNote: "made from the workload's name" }),
    },
    oneKind,
  ),
);

const volume = record({
  efs: optional(efs, "Files that outlive the task: `true` for a managed file system, or a map. Without it the volume lives with the task."),
  path: optional(volumePath, "Where the main container sees the volume."),
  read_only: optional(flag(), "Whether the main container may only read.", { documentedDefault: true }),
});

/** What a task stores. */
export const storage = record({
  ephemeral: optional(integer({ min: 20, max: 200, noun: "a size in GiB" }), "Size of the task's own disk in GiB.", {
    documentedDefault: 20,
    docker: "notice",
  }),
  readonly_fs: optional(flag(), "Makes the main container's root file system read-only.", { documentedDefault: false }),
  volumes: optional(dictionary(volume, { deep: true, keyNoun: "volume", empty: {} }), "Volumes of the task by name."),
});

type Volume = Infer<typeof volume>;
type Storage = Infer<typeof storage>;

const isManaged = (value: Volume): boolean =>
  value.efs === true || (typeof value.efs === "object" && (value.efs.uid !== undefined || value.efs.gid !== undefined));

/** Whether the volume is on a file system of any kind that outlives the task. */
export const isKept = (value: Volume): boolean => value.efs !== undefined && value.efs !== false;

/** What the volumes of a task have to satisfy together. */
export function checkStorage(value: Storage | undefined, findings: Findings): void {
  const volumes = Object.entries(value?.volumes ?? {});
  for (const [name, entry] of volumes) checkVolume(name, entry, findings);
  for (const [name] of volumes.filter(([, entry]) => isManaged(entry)).slice(1))
    findings.error(["storage", "volumes", name, "efs"], "A workload has at most one managed volume, and there is one already.");
}

function checkVolume(name: string, entry: Volume, findings: Findings): void {
  const at = ["storage", "volumes", name];
  if (entry.path === undefined || entry.path === "")
    findings.error([...at, "path"], `The volume \`${name}\` has no \`path\`.`, "Add `path:` with a folder of the container.");
  if (typeof entry.efs !== "object") return;
  const { id, root_dir: root, auth: access, uid, gid } = entry.efs;
  const owned = uid !== undefined || gid !== undefined;
  if (owned && (id !== undefined || root !== undefined || access !== undefined))
    findings.error([...at, "efs"], "`uid` and `gid` are for a managed file system; `id`, `root_dir` and `auth` are for one that exists.");
  else if (owned && (uid === undefined || gid === undefined))
    findings.error([...at, "efs"], "`uid` and `gid` go together: one of them is missing.");
  if (uid === 0) findings.error([...at, "efs", "uid"], "`uid` may not be 0: the files would belong to the superuser.");
  if (access?.access_point_id !== undefined) checkAccessPoint(at, { root, iam: access.iam }, findings);
  else if (!owned && id === undefined) findings.warning([...at, "efs"], "The file system has no `id`.");
}

function checkAccessPoint(
  at: readonly string[],
  { root, iam }: { readonly root: string | undefined; readonly iam: boolean | undefined },
  findings: Findings,
): void {
  if (root !== undefined && root !== "" && root !== "/")
    findings.error([...at, "efs", "root_dir"], "With an access point, `root_dir` is `/` or left out: the access point decides the folder.");
  if (iam === false) findings.error([...at, "efs", "auth", "iam"], "With an access point, `auth.iam` may not be `false`.");
}

/** The volumes of a task, by name. */
export function toVolumes(value: Storage | undefined, workload: string): readonly VolumeSpec[] {
  return sortedVolumes(value).map(([name, entry]): VolumeSpec => {
    if (!isKept(entry)) return { kind: "scratch", name };
    if (isManaged(entry)) {
      const owner = crc32(workload);
      const { uid = owner, gid = owner } = typeof entry.efs === "object" ? entry.efs : {};
      return { kind: "managed", name, uid, gid };
    }
    const { id, root_dir: root, auth: access } = typeof entry.efs === "object" ? entry.efs : {};
    return {
      kind: "efs",
      name,
      // A file system without an ID is an import without a name in live templates, which cannot be deployed.
      id: id === undefined ? { kind: "from-cfn", exportName: "" } : toValue(id),
      rootDirectory: root === undefined || root === "" ? "/" : root,
      ...given("iam", access?.iam),
      ...given("accessPointId", access?.access_point_id),
    };
  });
}

/** Where the main container sees the volumes. */
export function toMountPoints(value: Storage | undefined): readonly MountPoint[] {
  return sortedVolumes(value).map(([name, entry]) => ({ volume: name, path: entry.path ?? "", readOnly: entry.read_only ?? true }));
}

const sortedVolumes = (value: Storage | undefined): readonly (readonly [string, Volume])[] =>
  Object.entries(value?.volumes ?? {}).toSorted(([left], [right]) => (left < right ? -1 : 1));
