import { closestName } from "../../core/ui.ts";
import { parseArgs } from "node:util";
import type { Command, Flag, Format } from "./command.ts";
import { UsageError } from "./errors.ts";

/** What chooses the cluster, the namespace and the user. */
export const clusterFlags: readonly Flag[] = [
  {
    name: "namespace",
    short: "n",
    value: "NAMESPACE",
    help: "where to look; the context's if absent",
    offer: "namespace",
  },
  { name: "context", value: "CONTEXT", help: "context of the kubeconfig; its current one if absent", offer: "context" },
  {
    name: "kubeconfig",
    value: "FILE",
    help: "file to use; KUBECONFIG, ~/.kube/config or the pod's own if absent",
    offer: "file",
  },
  { name: "cluster", value: "CLUSTER", help: "of the kubeconfig, in place of the context's", offer: "cluster" },
  { name: "user", value: "USER", help: "of the kubeconfig, in place of the context's", offer: "user" },
  { name: "as", value: "NAME", help: "in the name of another user, where you may impersonate" },
  { name: "as-group", value: "GROUP", help: "as one of this group; with --as" },
];
const dryRun: Flag = { name: "dry-run", help: "have the API server check it all, and store nothing" };
const noColor: Flag = { name: "no-color", help: "no colours; also by NO_COLOR, and where it is no terminal" };
const help: Flag = { name: "help", short: "h", help: "this text" };

/** All flags of a command, its own first. */
export function flagsOf(command: Command): Flag[] {
  const output: Flag = {
    name: "output",
    short: "o",
    value: command.formats.join("|"),
    help: "how to print",
    offer: "format",
  };
  return [
    ...command.flags,
    ...(command.formats.length > 0 ? [output] : []),
    ...(command.writes ? [dryRun] : []),
    ...(command.local ? [] : clusterFlags),
    noColor,
    help,
  ];
}

/** The flags that may stand before the command's name. */
const everywhere = [...clusterFlags, noColor, help, { name: "output", short: "o", value: "FORMAT", help: "" }];

/** Where in a command line the command's name stands; undefined where there is none. */
export function commandIndex(args: readonly string[]): number | undefined {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!;
    if (arg === "--") return undefined;
    if (!arg.startsWith("-")) return index;
    if (everywhere.some(({ name, short, value }) => value && (arg === `--${name}` || arg === `-${short}`))) index++;
  }
  return undefined;
}

/** A command line without the command's name. */
export interface ReadArguments {
  arguments: ReadonlyMap<string, string>;
  /** What was given of the last one after its first, where it may be given several times. */
  others: readonly string[];
  /** Those without a value are there as `""`. */
  flags: ReadonlyMap<string, string>;
  format: Format | undefined;
}

/**
 * Reads what follows (or precedes) the command's name.
 *
 * @throws {UsageError}
 */
export function readArguments(command: Command, args: readonly string[]): ReadArguments {
  const known = flagsOf(command);
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(known.map(({ name, short, value }) => [name, {
      type: value ? "string" as const : "boolean" as const,
      ...(short ? { short } : {}),
    }])),
    strict: false,
    tokens: true,
  });
  const flags = new Map<string, string>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const flag = known.find(({ name }) => name === token.name);
    if (!flag) throw unknownFlag(token.rawName, command, known);
    if (flag.name === "as-group" && flags.has(flag.name)) {
      throw new UsageError("--as-group may be given once: several groups cannot be sent");
    }
    flags.set(flag.name, valueOf(flag, token.rawName, token.value, token.inlineValue ?? false));
  }
  return {
    arguments: named(command, positionals, flags.has("help")),
    others: isOpen(command) ? positionals.slice(command.arguments.length) : [],
    flags,
    format: formatOf(command, flags.get("output")),
  };
}

function valueOf(flag: Flag, written: string, value: string | undefined, inline: boolean): string {
  if (!flag.value) {
    if (value === undefined || (flag.name === "dry-run" && value === "server")) return "";
    if (flag.name === "dry-run") throw new UsageError(`--dry-run is done by the API server: --dry-run=${value} is not`);
    throw new UsageError(`${written} takes no value`);
  }
  if (value === undefined || value === "") throw new UsageError(`${written} wants a value: ${flag.value}`);
  if (!inline && value.startsWith("-")) {
    throw new UsageError(`${written} wants a value; if it is ${value}, write --${flag.name}=${value}`);
  }
  return value;
}

function unknownFlag(written: string, command: Command, known: readonly Flag[]): UsageError {
  if (written === "-A" || written === "--all-namespaces") {
    return new UsageError(`${command.name} is about one namespace: name it by -n`);
  }
  const near = closestName(written, known.map(({ name }) => `--${name}`));
  return new UsageError(`${command.name} has no flag ${written}${near ? `: is ${near} meant?` : ""}`);
}

function named(command: Command, given: readonly string[], helped: boolean): Map<string, string> {
  const wanted = command.arguments;
  if (given.length > wanted.length && !helped && !isOpen(command)) {
    const hint = wanted.length > 0 && /^[A-Z]/.test(wanted.at(-1)!.name) && wanted.at(-1)!.name === "REASON"
      ? "; a reason of several words wants quotes"
      : "";
    throw new UsageError(`${given[wanted.length]} is too much for ${command.name}${hint}`);
  }
  const missing = wanted[given.length];
  if (missing && !missing.optional && !helped) throw new UsageError(`${command.name} wants ${missing.name}`);
  return new Map(given.slice(0, wanted.length).map((value, index) => [wanted[index]!.name, value]));
}

const isOpen = ({ arguments: wanted }: Command): boolean => wanted.at(-1)?.several === true;

function formatOf({ name, formats }: Command, given: string | undefined): Format | undefined {
  if (given === undefined) return undefined;
  const format = formats.find((one) => one === given);
  if (!format) throw new UsageError(`${name} cannot print ${given}: -o is one of ${formats.join(", ")}`);
  return format;
}
