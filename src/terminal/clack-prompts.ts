import { confirm, isCancel, multiselect, password, select, text } from "@clack/prompts";
import type { Readable, Writable } from "node:stream";
import { Interrupted, type Prompts } from "./prompts.ts";

/** Questions on a real terminal. Loaded when the first one is asked. */
export function createClackPrompts(streams: {
  readonly input: Readable;
  readonly output: Writable;
  readonly signal: AbortSignal;
}): Prompts {
  return {
    async text({ message, default: preset, check }) {
      const validate = (answer: string | undefined): string | undefined => {
        const given = answer === undefined || answer === "" ? (preset ?? "") : answer;
        return given === "" ? "An answer is needed." : check?.(given);
      };
      const answer = await text({
        ...streams,
        message,
        validate,
        ...(preset === undefined ? {} : { placeholder: preset, defaultValue: preset }),
      });
      if (isCancel(answer)) throw new Interrupted();
      return answer;
    },
    async secret({ message }) {
      const answer = await password({ ...streams, message });
      if (isCancel(answer)) throw new Interrupted();
      return answer ?? "";
    },
    async confirm({ message, default: initialValue }) {
      const answer = await confirm({ ...streams, message, initialValue });
      if (isCancel(answer)) throw new Interrupted();
      return answer;
    },
    async select({ message, choices }) {
      const index = await select<number>({ ...streams, message, options: toOptions(choices) });
      if (isCancel(index)) throw new Interrupted();
      return at(choices, index);
    },
    async selectSeveral({ message, choices }) {
      const indexes = await multiselect<number>({ ...streams, message, options: toOptions(choices), required: true });
      if (isCancel(indexes)) throw new Interrupted();
      return indexes.map((index) => at(choices, index));
    },
  };
}

const toOptions = (choices: readonly { readonly label: string; readonly hint?: string }[]) =>
  choices.map(({ label, hint }, index) => ({ value: index, label, ...(hint === undefined ? {} : { hint }) }));

function at<T>(choices: readonly { readonly value: T }[], index: number): T {
  const choice = choices[index];
  if (choice === undefined) throw new RangeError(`There is no choice ${index}.`);
  return choice.value;
}
