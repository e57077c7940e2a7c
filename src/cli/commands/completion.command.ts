import { defineCommand } from "../define.ts";

/** The flags of `copilot completion`. */
export const flags = {} as const;

/** `copilot completion`. */
export const completion = defineCommand({
  summary: "Prints a completion script for a shell.",
  description: "Load it from your shell's start-up file.",
  argument: { name: "shell", brief: "bash, zsh or fish.", choices: ["bash", "zsh", "fish"] },
  flags,
  examples: [
    { run: "source <(copilot completion bash)", does: "Completes in this bash." },
    { run: "copilot completion fish > ~/.config/fish/completions/copilot.fish", does: "Completes in every fish from now on." },
  ],
  load: () => import("./completion.ts"),
});
