import { closestName, type Environment, VERSION } from "../../core/ui.ts";
import { clusterFlags, commandIndex, type ReadArguments, readArguments } from "./arguments.ts";
import { adviseWith } from "./advice.ts";
import { type Cluster, openCluster } from "./cluster.ts";
import type { Call, Format, Look, Result } from "./command.ts";
import { commands } from "./commands.ts";
import { complete } from "./offers.ts";
import { helpOf, overview } from "./help.ts";
import { paintFor, visible } from "./print.ts";
import { sentenceOf, UsageError } from "./errors.ts";

/** Lines are not broken; an absent field is left out, as JSON does it. */
const YAML_STYLE = { lineWidth: -1, quoteStyle: "double", noRefs: true, skipInvalid: true } as const;

/** What a run of the program is given. */
export interface Surroundings {
  args: readonly string[];
  env: Environment;
  /** Whether standard output is a terminal. */
  isTerminal: boolean;
  write(text: string): void;
  complain(text: string): void;
}

/** Runs one command line; gives the exit code: 0 done, 1 failed, 2 not understood. */
export async function main(surroundings: Surroundings): Promise<number> {
  const { args, env, write, complain } = surroundings;
  if (args[0] === "__complete") {
    write(`${await complete(args.slice(1), commands, env)}\n`);
    return 0;
  }
  try {
    return await runCommand(surroundings);
  } catch (error) {
    complain(`error: ${sentenceOf(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function runCommand({ args, env, isTerminal, write, complain }: Surroundings): Promise<number> {
  const index = commandIndex(args);
  const name = index === undefined ? undefined : args[index];
  const explained = name === "help" ? commands.find((command) => command.name === args[index! + 1]) : undefined;
  if (explained) {
    write(`${helpOf(explained)}\n`);
    return 0;
  }
  if (name === undefined || name === "help") {
    const helped = name === "help" || args.includes("-h") || args.includes("--help");
    if (args.includes("--version")) write(`kubectl headwind ${VERSION}\n`);
    else (helped ? write : complain)(`${overview(commands)}\n`);
    return helped || args.includes("--version") ? 0 : 2;
  }
  const command = commands.find((command) => command.name === name);
  if (!command) throw unknownCommand(name);
  const read = readArguments(command, args.filter((_, at) => at !== index));
  if (read.flags.has("help")) {
    write(`${helpOf(command)}\n`);
    return 0;
  }
  const opened: Cluster[] = [];
  try {
    const result = await command.run(callOf(read, env, opened, (text) => complain(`${visible(text)}\n`)));
    const paint = paintFor(isTerminal, env, read.flags.has("no-color"));
    const text = await printed(result, read.format, { wide: read.format === "wide", paint, now: new Date() });
    if (text !== "") write(`${text}\n`);
    return result.failed ? 1 : 0;
  } finally {
    for (const cluster of opened) cluster.close();
  }
}

function unknownCommand(name: string): UsageError {
  const near = closestName(name, commands.map(({ name }) => name));
  return new UsageError(`there is no command ${name}${near ? `: is ${near} meant?` : ", see kubectl headwind -h"}`);
}

function callOf(read: ReadArguments, env: Environment, opened: Cluster[], note: Call["note"]): Call {
  const { flags } = read;
  let cluster: Promise<Cluster> | undefined;
  const open = async () => {
    const open = await openCluster({ env, flags, dryRun: flags.has("dry-run") });
    opened.push(open);
    return open;
  };
  return {
    argument: (name) => read.arguments.get(name),
    all: (name) => [...read.arguments.get(name) === undefined ? [] : [read.arguments.get(name)!], ...read.others],
    value: (flag) => flags.get(flag),
    has: (flag) => flags.has(flag),
    cluster: () => cluster ??= open(),
    note,
    advise: adviseWith(placeFlags(read)),
    now: () => new Date(),
  };
}

/** The flags that chose where and as whom, as they are written. */
function placeFlags({ flags }: ReadArguments): string[] {
  return clusterFlags.flatMap(({ name, short }) => {
    const value = flags.get(name);
    return value === undefined ? [] : short ? [`-${short}`, value] : [`--${name}`, value];
  });
}

async function printed(
  result: Result,
  format: Format | undefined,
  look: Look,
): Promise<string> {
  switch (format) {
    case "json":
      return JSON.stringify(result.data, null, 2);
    case "yaml":
      return (await import("js-yaml")).dump(result.data, YAML_STYLE).trimEnd();
    case "name":
      return (result.names ?? []).map(visible).join("\n");
    default:
      return result.text(look);
  }
}
