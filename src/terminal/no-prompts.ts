import { Problem } from "../model/problem.ts";
import type { Prompts, Question } from "./prompts.ts";

/** Questions where nobody can answer: each is a Problem that names its flag. */
export function createNoPrompts(): Prompts {
  const refuse = ({ message, flag }: Question): Promise<never> =>
    Promise.reject(
      new Problem("answer-missing", `ask ${JSON.stringify(message)}: there is no terminal to ask on`, { hint: `answer with ${flag}` }),
    );
  return { text: refuse, secret: refuse, confirm: refuse, select: refuse, selectSeveral: refuse };
}
