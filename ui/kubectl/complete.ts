import { clusterFlags, commandIndex, flagsOf } from "./arguments.ts";
import type { Command, Flag, Offer } from "./command.ts";

/** What a shell offers for the last word of a line: these, or what `dynamic` says, which a cluster has to be asked for. */
export interface Wanted {
  /** What stands before the part of the word that is to be completed, such as `--to=`. */
  before: string;
  /** The part of the word that is there already. */
  start: string;
  fixed: readonly [text: string, help: string][];
  dynamic?: Offer;
  command?: Command;
  /** By name; what was read of the line so far. */
  arguments: ReadonlyMap<string, string>;
  flags: ReadonlyMap<string, string>;
}

/** Reads a line that is being written, without the program's name; its last word may be empty. Pure. */
export function wantedOf(words: readonly string[], commands: readonly Command[]): Wanted {
  const done = words.slice(0, -1);
  const word = words.at(-1) ?? "";
  const index = commandIndex(done);
  const command = index === undefined ? undefined : commands.find(({ name }) => name === done[index]);
  const known = command ? flagsOf(command) : flagsOf(commands[0]!).filter(({ name }) => standsFirst.includes(name));
  const { flags, positionals, pending } = readSoFar(done.filter((_, at) => at !== index), known);
  const wanted = (more: Partial<Wanted>): Wanted => ({
    before: "",
    start: word,
    fixed: [],
    arguments: new Map(command?.arguments.slice(0, positionals.length).map(({ name }, at) => [name, positionals[at]!])),
    flags,
    ...(command ? { command } : {}),
    ...more,
  });
  const offerOf = ({ offer, value }: Flag): Partial<Wanted> => {
    if (offer === "format") return { fixed: value!.split("|").map((format) => [format, ""]) };
    return offer ? { dynamic: offer } : {};
  };
  if (pending) return wanted(offerOf(pending));
  if (index !== undefined && !command) return wanted({});
  const [, name, start] = /^--([^=]+)=(.*)$/s.exec(word) ?? [];
  const inline = known.find((flag) => flag.name === name && flag.value);
  if (inline && start !== undefined) return wanted({ before: `--${inline.name}=`, start, ...offerOf(inline) });
  if (word.startsWith("-")) return wanted({ fixed: known.map(({ name, help }) => [`--${name}`, help]) });
  if (!command) return wanted({ fixed: commands.map(({ name, summary }) => [name, summary]) });
  const last = command.arguments.at(-1);
  const next = command.arguments[positionals.length] ?? (last?.several ? last : undefined);
  if (next?.offer === "shell") return wanted({ fixed: next.name.split("|").map((shell) => [shell, ""]) });
  return wanted(next?.offer ? { dynamic: next.offer } : {});
}

const standsFirst = [...clusterFlags.map(({ name }) => name), "output", "no-color", "help"];

/** The flags and arguments before the last word; `pending` is a flag whose value that is. */
function readSoFar(words: readonly string[], known: readonly Flag[]) {
  const flags = new Map<string, string>();
  const positionals: string[] = [];
  let pending: Flag | undefined;
  for (const word of words) {
    if (pending) {
      flags.set(pending.name, word);
      pending = undefined;
    } else if (word.startsWith("-")) {
      const [written, value] = word.split(/=(.*)/s);
      const flag = known.find(({ name, short }) => written === `--${name}` || written === `-${short}`);
      if (flag && value !== undefined) flags.set(flag.name, value);
      else if (flag?.value) pending = flag;
      else if (flag) flags.set(flag.name, "");
    } else positionals.push(word);
  }
  return { flags, positionals, pending };
}
