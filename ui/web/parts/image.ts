import { brief } from "../../../core/web.ts";
import { type Html, html, raw } from "../html.ts";

/** Digits of a digest that are shown at least. */
const DIGEST_SHOWN = 12;

/** Of both together, in characters: what is no longer stays on one line. */
const SHORT = 32;

/** As an UpdateRequest may have it: what stands in a workload may be of any length. */
const LONGEST = 1024;

/** A long name may break after each of these, and nowhere else: what is marked as one piece stays one. */
const withBreaks = (text: string): (Html | string)[] =>
  text.split(/(?<=[/:@])/).flatMap((piece, index) => index === 0 ? [piece] : [raw("<wbr>"), piece]);

/** An image or a chart: it breaks at `/`, `:` and `@` where there is no room, and a digest is told by its beginning. */
export function image(reference: string): Html {
  const { shown, isCut } = shorten(brief(reference, LONGEST), 0);
  return html`
    <span class="image" ${isCut ? titled(reference) : ""}>${withBreaks(shown)}</span>
  `;
}

/**
 * What changes: `registry/shop/web:1.25.3 → 1.25.4`, with the part marked in which both differ. Of one repository the second
 * is told by its version alone.
 */
export function imageChange(wasFrom: string, isTo: string): Html {
  const [from, to] = [brief(wasFrom, LONGEST), brief(isTo, LONGEST)];
  const common = commonLength(from, to);
  const differs = firstDifference(from, to);
  const [old, fresh] = [shorten(from, differs), shorten(to, differs)];
  const isOne = repositoryOf(from) === repositoryOf(to);
  const skipped = isOne ? Math.min(repositoryOf(to).length + 1, common) : 0;
  const first = html`${withBreaks(old.shown.slice(0, common))}${marked(old.shown.slice(common))}`;
  const second = html`${withBreaks(fresh.shown.slice(skipped, common))}${marked(fresh.shown.slice(common))}`;
  const title = old.isCut || fresh.isCut ? titled(`${from} → ${to}`) : "";
  const classes = from.length + to.length <= SHORT ? "image change short" : "image change";
  return html`
    <span class="${classes}"
      ${title}>${first} <span class="to" role="img" aria-label="to">→</span> <span class="fresh">${second}</span></span>
  `;
}

const titled = (text: string): Html => html`title="${text}"`;
const marked = (text: string): Html | "" => text === "" ? "" : html`<b>${withBreaks(text)}</b>`;

/** Without tag and digest. */
function repositoryOf(reference: string): string {
  const [name = ""] = reference.split("@");
  return name.replace(/:[^/:]*$/, "");
}

function firstDifference(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

/** How much is the same at the beginning of both, up to the last separator: of `1.25.3` and `1.25.14` it is `1.25.`. */
export function commonLength(one: string, other: string): number {
  let length = firstDifference(one, other);
  if (length === one.length && length === other.length) return length;
  while (length > 0 && !/[/:@.+_-]/.test(one[length - 1]!)) length--;
  return length;
}

/** A digest by its first digits: as many as tell it from another, from which it differs first at `differs`. */
function shorten(reference: string, differs: number): { shown: string; isCut: boolean } {
  const at = /@[a-z0-9+._-]+:(?=[0-9a-f]{32,}$)/.exec(reference);
  if (!at) return { shown: reference, isCut: false };
  const start = at.index + at[0].length;
  const end = Math.max(start + DIGEST_SHOWN, differs < reference.length ? differs + 8 : 0);
  return end >= reference.length
    ? { shown: reference, isCut: false }
    : { shown: `${reference.slice(0, end)}…`, isCut: true };
}
