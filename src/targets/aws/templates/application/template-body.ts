import type { Template } from "../../cloudformation/template.ts";
import { toTemplateDocument } from "../../cloudformation/template.ts";

/** What CloudFormation takes as a template's text within a call, in bytes. */
export const inlineTemplateLimit = 51_200;
/** What CloudFormation takes as a template in S3, in bytes. */
export const storedTemplateLimit = 1_000_000;

/** How a template can reach CloudFormation. */
export type TemplateBody =
  | { readonly kind: "inline"; readonly text: string }
  /** It must be put into a bucket first. */
  | { readonly kind: "stored"; readonly text: string }
  | { readonly kind: "too-large"; readonly bytes: number };

/**
 * The text of a template that is normally passed within a call. It is JSON without spaces, which CloudFormation takes as well as YAML:
 * the StackSet of an application grows with every workload, and this way a quarter more fit before it must be stored in a bucket.
 */
export function toTemplateBody(template: Template): TemplateBody {
  const text = JSON.stringify(toTemplateDocument(template));
  const bytes = Buffer.byteLength(text);
  if (bytes <= inlineTemplateLimit) return { kind: "inline", text };
  return bytes <= storedTemplateLimit ? { kind: "stored", text } : { kind: "too-large", bytes };
}
