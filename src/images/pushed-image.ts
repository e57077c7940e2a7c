/** What decides on the tags of an image. */
export interface TagChoice {
  /** Of the workload's main container, and no sidecar's. */
  readonly isMain: boolean;
  readonly container: string;
  /** What a person asks for; it counts for main containers only. */
  readonly wished?: string;
  /** What git calls the commit that the workspace is at, unless it has changes. */
  readonly commit?: string;
}

/** The tags that an image is pushed with: first the one that moves, then the one that stays, where there is one. Those of the original. */
export function pushedTags(choice: TagChoice): readonly string[] {
  const { isMain, container } = choice;
  const staying = stayingTag(choice);
  const prefix = isMain ? "" : `${container}-`;
  return [`${prefix}latest`, ...(staying === undefined ? [] : [staying])];
}

/** How a template names a pushed image: by the tag that stays, otherwise by its digest. */
export function pushedReference(repository: string, choice: TagChoice, digest: string): string {
  const staying = stayingTag(choice);
  return staying === undefined ? `${repository}@${digest}` : `${repository}:${staying}`;
}

function stayingTag({ isMain, container, wished, commit }: TagChoice): string | undefined {
  if (isMain) return wished ?? commit;
  return commit === undefined ? undefined : `${container}-${commit}`;
}

/** Whether a registry takes a text as a tag. */
export const isImageTag = (text: string): boolean => /^\w[\w.-]{0,127}$/.test(text);
