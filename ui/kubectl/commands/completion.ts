import type { Command } from "../command.ts";
import { UsageError } from "../errors.ts";
import { completionScripts } from "../completion_scripts.ts";

export default {
  name: "completion",
  summary: "Prints a script that completes commands, flags and names",
  about: "For kubectl itself, which asks kubectl_complete-headwind: " +
    "ln -s kubectl-headwind kubectl_complete-headwind, in a folder of PATH.",
  arguments: [{ name: "bash|zsh|fish", offer: "shell" }],
  flags: [],
  formats: [],
  local: true,
  examples: ["completion bash > ~/.local/share/bash-completion/completions/kubectl-headwind"],
  async run(call) {
    const shell = call.argument("bash|zsh|fish")!;
    const script = completionScripts[shell];
    if (script === undefined) throw new UsageError(`there is no completion for ${shell}: it is for bash, zsh and fish`);
    return { text: () => script.trimEnd() };
  },
} satisfies Command;
