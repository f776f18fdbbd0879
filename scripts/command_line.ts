import process from "node:process";
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";

/** What is wrong with a command line, in a sentence. */
function sentenceOf(error: Error & { code?: string }): string {
  const [, written = ""] = /'(-[^' ]*)/.exec(error.message) ?? [];
  if (error.code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") return `unknown argument ${written}`;
  const [, unvalued] = /^Option '(?:-\w, )?(--[\w-]+) <value>' argument missing/.exec(error.message) ?? [];
  if (unvalued) return `${unvalued} wants a value`;
  return error.message.split(/\. |\n/)[0]!;
}

/**
 * The options of a script by `node:util`, strictly; what is no option only where `allowPositionals` says so.
 *
 * @throws with a sentence
 */
export function readOptions<const T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: T,
  { allowPositionals = false } = {},
) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals, allowNegative: true });
    return { values, positionals: positionals as string[] };
  } catch (error) {
    throw new Error(sentenceOf(error as Error));
  }
}

/** `--help`, and `-h`. */
export const HELP = { help: { type: "boolean", short: "h", default: false } } as const;

/** What `parse` reads of the command line. Where that is wrong, or asks for help, the process ends with the usage. */
export function readCommandLine<T extends { help: boolean }>(
  parse: (args: string[]) => T,
  usage: string,
  args = process.argv.slice(2),
): T {
  let read: T;
  try {
    read = parse(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
  if (!read.help) return read;
  console.log(usage);
  process.exit(0);
}
