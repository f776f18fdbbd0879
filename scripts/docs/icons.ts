import { createRequire } from "node:module";
import { ICON_NAMES } from "../../ui/web/parts/icon_names.ts";

/** What octicons has of an icon, by its height in pixels. */
interface Octicon {
  heights: Record<string, { width: number; path: string } | undefined>;
}

/**
 * The source of `ui/web/parts/icon_shapes.ts`: what is drawn for each icon in use, on a square of 16.
 *
 * @throws where octicons has no such icon of that size
 */
export function iconShapes(): string {
  const load = createRequire(import.meta.url);
  const octicons: Record<string, Octicon | undefined> = load("@primer/octicons/build/data.json");
  const rows = ICON_NAMES.map((name) => {
    const icon = octicons[name]?.heights["16"];
    if (icon?.width !== 16) throw new Error(`octicons has no ${name} of 16 pixels`);
    return `${JSON.stringify(name)}: ${JSON.stringify(icon.path.replaceAll("></path>", "/>"))},\n`;
  });
  return [
    "// Written by npm run docs. The shapes are of octicons (https://primer.style/octicons), MIT, © GitHub Inc.\n",
    'import type { IconName } from "./icon_names.ts";\n\n',
    "/** What is drawn for an icon, on a square of 16. */\n",
    `export const ICON_SHAPES: Readonly<Record<IconName, string>> = {\n${rows.join("")}};\n`,
  ].join("");
}
