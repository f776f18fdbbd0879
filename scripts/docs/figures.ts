import type { KeptFigures } from "../bench/kept.ts";
import { markdownTable } from "./markdown_table.ts";

/** The figures of the last benchmark that was kept, with its date and machine, in Markdown. */
export function figures(kept: KeptFigures | undefined): string {
  if (!kept) return "No figures are kept yet: `npm run bench -- --save` measures and keeps them.";
  const { date, machine, versions, tables } = kept;
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ");
  return [
    `Measured on ${date.slice(0, 10)}, on ${machine} (${named}).`,
    ...tables.map(([head, ...rows]) => markdownTable(head!, rows)),
  ].join("\n\n");
}
