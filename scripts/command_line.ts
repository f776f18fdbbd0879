import process from "node:process";

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
