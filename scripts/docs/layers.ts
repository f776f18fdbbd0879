import { layerOf, LAYERS } from "../check/layers.ts";
import { importsOf, type Source } from "../check/sources.ts";
import { markdownTable } from "./markdown_table.ts";

/** The layers of `core/`, the highest first, each with those that its files import: read from the code. */
export function layerPicture(files: readonly Source[]): string {
  const names = Object.keys(LAYERS) as (keyof typeof LAYERS)[];
  const used = new Map(names.map((name) => [name as string, new Set<string>()]));
  for (const file of files) {
    const own = layerOf(file.path);
    for (const imported of importsOf(file)) {
      const layer = layerOf(imported);
      if (own !== undefined && layer !== undefined && layer !== own) used.get(own)!.add(layer);
    }
  }
  const rows = names.toReversed().map((name) => [
    `\`${name}\``,
    LAYERS[name],
    names.filter((below) => used.get(name)!.has(below)).toReversed().join(", "),
  ]);
  return markdownTable(["layer", "holds", "imports"], rows);
}
