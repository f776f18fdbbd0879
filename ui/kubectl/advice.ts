import type { Slot } from "../../core/plugin.ts";
import { type Action, readAs, type Resume, sameRepository } from "../../core/ui.ts";
import { shortName } from "./kinds.ts";

/** A word as a POSIX shell reads it back. */
export const shellWord = (word: string): string =>
  /^[\w%+,./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Words as a line that a shell reads back into them. */
export const shellLine = (words: readonly string[]): string => words.map(shellWord).join(" ");

/** Gives the line that runs a command of this program in the same place as the line that is being answered. */
export type Advise = (...words: string[]) => string;

/** `flags` are those that chose the cluster, the namespace and the user, as they were given. */
export function adviseWith(flags: readonly string[]): Advise {
  return (...words) => shellLine(["kubectl", "headwind", ...words, ...flags]);
}

/** The words of the command that does it. */
export function commandFor(action: Action): string[] {
  return action.type === "resume" ? resumeWords(action) : [action.type, action.updateRequest];
}

function resumeWords({ workload, slot, image }: Resume): string[] {
  return [
    "resume",
    shortName(workload.plugin, workload.name),
    ...(workload.slots.length > 1 ? [slot.name] : []),
    ...(image === undefined ? [] : ["--version", versionArgument(slot, image)]),
  ];
}

/** What `--version` takes: a tag or a chart's version where that tells it from others, else the whole image. */
function versionArgument(slot: Slot, image: string): string {
  const read = readAs(slot, image);
  const isTag = read?.tag !== undefined && read.digest === undefined && sameRepository(image, slot.current);
  return isTag ? read.tag! : image;
}

const least = [22, 19] as const;

/** Why this version of Node will not do, and the line that runs `words` without it; undefined where it does. */
export function nodeFault(version: string, words: readonly string[]): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return undefined;
  return `kubectl headwind needs Node ${least.join(".")} or newer, or Deno, and this is Node ${version}. ` +
    `npm brings Deno: ${shellLine(["npx", "--yes", "deno", "run", "--allow-all", ...words])}`;
}
