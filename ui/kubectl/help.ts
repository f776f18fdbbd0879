import { flagsOf } from "./arguments.ts";
import type { Command, Flag } from "./command.ts";

const tail = `Exit codes: 0 it is done, 1 it failed, 2 the command line is not understood.`;

/** What `kubectl headwind -h` prints. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => synopsis(command).length));
  return `usage: kubectl headwind COMMAND [flags]

Looks after Headwind's updates, with your own kubeconfig and rights.

${commands.map((command) => `  ${synopsis(command).padEnd(width)}  ${command.summary}`).join("\n")}

Examples:
${commands.slice(0, 6).map(({ examples }) => `  kubectl headwind ${examples[0]}`).join("\n")}

WORKLOAD is deployment/web, deploy/web, hr/podinfo, or just web where Headwind looks after only one of the name.
Of a HelmRelease CONTAINER is chart, or an image of its values, such as values.image.
kubectl headwind COMMAND -h tells more of each, with its flags; --version tells its own version.
${tail}`;
}

/** What `kubectl headwind COMMAND -h` prints. */
export function helpOf(command: Command): string {
  const parts = [
    `usage: kubectl headwind ${synopsis(command)} [flags]`,
    `${command.summary}.${command.about ? ` ${command.about}` : ""}`,
    `Flags:\n${flagTable(flagsOf(command))}`,
    `Examples:\n${command.examples.map((line) => `  kubectl headwind ${line}`).join("\n")}`,
    tail,
  ];
  return parts.map((part) => fold(part)).join("\n\n");
}

/** `hold WORKLOAD [CONTAINER]` */
export function synopsis(command: Command): string {
  const words = command.arguments.map(({ name, optional, several }) => {
    const word = several ? `${name}...` : name;
    return optional ? `[${word}]` : word;
  });
  return [command.name, ...words].join(" ");
}

function flagTable(flags: readonly Flag[]): string {
  const left = flags.map(({ name, short, value }) =>
    `  ${short ? `-${short}, ` : "    "}--${name}${value ? ` ${value}` : ""}`
  );
  const width = Math.max(...left.map((text) => text.length));
  return flags.map(({ help }, index) => `${left[index]!.padEnd(width)}  ${help}`).join("\n");
}

const columns = 100;

/** Breaks long lines of prose; those of tables start with a space and stay. */
function fold(text: string): string {
  return text.split("\n").map((line) => line.startsWith(" ") ? line : foldLine(line)).join("\n");
}

function foldLine(line: string): string {
  const lines = [""];
  for (const word of line.split(" ")) {
    const last = lines.at(-1)!;
    if (last === "") lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join("\n");
}
