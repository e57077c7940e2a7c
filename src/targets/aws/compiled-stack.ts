import type { Template } from "./cloudformation/template.ts";

/** A stack as it is deployed or written to files. */
export interface CompiledStack {
  /** Name of the stack. */
  readonly name: string;
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}
