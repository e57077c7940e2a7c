import { isMap, isNode, isScalar } from "yaml";
import { toTemplateDocument, type Template } from "../../targets/aws/cloudformation/template.ts";
import { printNodes, readTemplateSource } from "../../targets/aws/cloudformation/template-source.ts";
import { writeTemplate } from "../../targets/aws/cloudformation/write.ts";

/** A comment above an entry, for the person who will edit the file. */
export interface TemplateComment {
  readonly above: readonly string[];
  readonly text: string;
}

/** The text of a template which a person takes over: with comments where something is worth changing. */
export function writeStorageTemplate(template: Template, comments: readonly TemplateComment[]): string {
  const { AWSTemplateFormatVersion: _, ...sections } = toTemplateDocument(template);
  const text = writeTemplate(sections);
  const source = readTemplateSource("template", text);
  if (!source.ok || !isMap(source.value.root)) return text;
  const { root } = source.value;
  for (const { above, text: comment } of comments) {
    const parent = root.getIn(above.slice(0, -1), true);
    const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === above.at(-1)) : undefined;
    if (isNode(pair?.key)) pair.key.commentBefore = comment.replaceAll(/^/gm, " ");
  }
  return printNodes(root);
}
