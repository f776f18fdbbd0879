import process from "node:process";
import { environment } from "../../core/ui.ts";
import { basename } from "node:path";
import { main } from "./main.ts";
import { nodeFault } from "./advice.ts";

const args = process.argv.slice(2);
// kubectl asks a program of this name for completions; a link to this one will do.
const isAsked = basename(process.argv[1] ?? "") === "kubectl_complete-headwind";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // who reads no further, such as `head`, has enough
  process.exit(error.code === "EPIPE" ? 0 : 1);
});

const fault = "Deno" in globalThis ? undefined : nodeFault(process.versions.node, process.argv.slice(1));
if (fault !== undefined) {
  process.stderr.write(`error: ${fault}\n`);
  process.exit(1);
}

main({
  args: isAsked ? ["__complete", ...args] : args,
  env: environment(),
  isTerminal: process.stdout.isTTY === true,
  write: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
}).then((code) => {
  process.exitCode = code;
});
