import { commands } from "../../ui/kubectl/commands.ts";
import { markdownTable } from "./markdown_table.ts";
import { synopsis } from "../../ui/kubectl/help.ts";

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
