import { html as template } from "hono/html";

export { raw } from "hono/html";

/** Escaped html. */
export type Html = ReturnType<typeof template>;

const trimmed = new WeakMap<TemplateStringsArray, TemplateStringsArray>();

/**
 * A template that escapes what is put into it, as hono's, without the space at its beginning and end: there the formatter breaks
 * lines, which in the midst of a sentence or of an attribute would be seen. Lines within are not indented: each page is sent often.
 */
export function html(strings: TemplateStringsArray, ...values: unknown[]): Html {
  let known = trimmed.get(strings);
  if (!known) {
    const parts = strings.map((part) => part.replace(/\n\s+/g, "\n"));
    parts[0] = parts[0]!.trimStart();
    parts[parts.length - 1] = parts.at(-1)!.trimEnd();
    known = Object.assign(parts, { raw: parts });
    trimmed.set(strings, known);
  }
  return template(known, ...values);
}
