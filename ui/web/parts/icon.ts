import { type Html, html, raw } from "../html.ts";
import { ICON_NAMES, type IconName } from "./icon_names.ts";
import { ICON_SHAPES } from "./icon_shapes.ts";

export { type IconName } from "./icon_names.ts";

const symbols = ICON_NAMES.map((name) => `<symbol id="i-${name}" viewBox="0 0 16 16">${ICON_SHAPES[name]}</symbol>`);

/** How the pictures fill what is not ready: by lines, whatever the colours. */
const hatched =
  '<pattern id="hatched" width="4" height="5" patternUnits="userSpaceOnUse"><path class="hatch" d="M0 2.5H4"/></pattern>';

/** Once on each page, outside of what is swapped: the shapes that {@link icon} and the pictures draw. */
export const iconSymbols: Html = raw(
  `<svg id="icons" width="0" height="0" aria-hidden="true" focusable="false">${hatched}${symbols.join("")}</svg>`,
);

/** An icon beside words that say the same, which are what a screen reader reads. */
export function icon(name: IconName, classes = ""): Html {
  const all = classes === "" ? "icon" : `icon ${classes}`;
  return html`
    <svg class="${all}" width="16" height="16" aria-hidden="true">
      <use href="#i-${name}" />
    </svg>
  `;
}
