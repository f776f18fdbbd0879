import { html as tagged } from "hono/html";

/** What a part or a picture gives: markup, in which every text of others is text. */
export type Html = ReturnType<typeof tagged>;

const kept = new WeakMap<TemplateStringsArray, TemplateStringsArray>();

/** Without the line breaks around it, and without indentation: the formatter puts them there, and they would be spaces on the page. */
function tight(strings: TemplateStringsArray): TemplateStringsArray {
  const last = strings.length - 1;
  return strings.map((text, index) => {
    const start = index === 0 ? text.replace(/^\n\s*/, "") : text;
    return (index === last ? start.replace(/\n\s*$/, "") : start).replace(/\n\s+/g, "\n");
  }) as unknown as TemplateStringsArray;
}

/** As `html` of hono, for what stands in the middle of a text: where the source breaks a line around it, the page has no space. */
export function html(strings: TemplateStringsArray, ...values: unknown[]): Html {
  let written = kept.get(strings);
  if (written === undefined) kept.set(strings, written = tight(strings));
  return tagged(written, ...values);
}
