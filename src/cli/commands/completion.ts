import { Problem } from "../../model/problem.ts";
import type { CommandRun } from "../define.ts";
import type { flags } from "./completion.command.ts";

/** Both names that the package installs. */
const programs = ["copilot", "copilot-ts"];

const scripts: Readonly<Record<string, string>> = {
  bash: `# Completion of copilot for bash.
_copilot() {
  local line words
  words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$(printf '%q' "\${line%%$'\\t'*}")")
  done < <("\${COMP_WORDS[0]}" complete "\${words[@]/#/--words=}" 2>/dev/null)
}
complete -o default -F _copilot ${programs.join(" ")}
`,
  zsh: `#compdef ${programs.join(" ")}
# Completion of copilot for zsh.
_copilot() {
  local -a lines candidates
  lines=("\${(@f)$("\${words[1]}" complete "\${(@)words[2,CURRENT]/#/--words=}" 2>/dev/null)}")
  local line
  for line in $lines; do
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#candidates} )); then _describe copilot candidates; else _files; fi
}
compdef _copilot ${programs.join(" ")}
`,
  fish: `# Completion of copilot for fish.
function __copilot_complete
  set -l tokens (commandline -opc) (commandline -ct)
  $tokens[1] complete --words=$tokens[2..-1] 2>/dev/null
end
${programs.map((program) => `complete -c ${program} -f -a "(__copilot_complete)"`).join("\n")}
`,
};

/** Prints the completion script of a shell; it asks `copilot complete` for every word. */
export const run: CommandRun<typeof flags> = ({ argument }, { terminal }) => {
  const script = argument === undefined ? undefined : scripts[argument];
  if (script === undefined)
    throw new Problem("answer-missing", "print a completion script: no shell is named", {
      hint: "run `copilot completion bash`, `zsh` or `fish`",
    });
  terminal.out.write(script);
  return Promise.resolve();
};
