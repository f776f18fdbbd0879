import { commands } from "../kubectl/commands.ts";
import { markdownTable } from "./markdown_table.ts";
import { synopsis } from "../kubectl/help.ts";

/** The commands of `kubectl headwind`, with the flags that are their own, in Markdown. */
export function commandTable(): string {
  const rows = commands.map((command) => [
    `\`${synopsis(command)}\``,
    command.flags.map(({ name, short, value }) => `\`${short ? `-${short}` : `--${name}`}${value ? ` ${value}` : ""}\``)
      .join(", "),
    command.summary,
  ]);
  return markdownTable(["command", "flags of its own", ""], rows);
}
