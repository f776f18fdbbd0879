/** An element of a page: its name, its attributes, and what stands in it. */
export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: (Element | string)[];
}

const voids = new Set(["br", "hr", "img", "input", "link", "meta", "wbr"]);
const entities: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&#39;": "'" };
const decoded = (text: string) => text.replace(/&(?:lt|gt|amp|quot|#39);/g, (entity) => entities[entity]!);

/**
 * Reads markup as strictly as we write it: each element is closed, each attribute in double quotes and there once.
 *
 * @throws where it is not so
 */
export function parseMarkup(text: string): Element {
  const root: Element = { name: "", attributes: {}, children: [] };
  const open = [root];
  const token =
    /<!doctype html>|<!--[\s\S]*?-->|<(\/?)([A-Za-z][\w-]*)((?:\s+[^\s"'<>/=]+(?:="[^"<]*")?)*)\s*(\/?)>|([^<]+)/gyi;
  let end = 0;
  for (const match of text.matchAll(token)) {
    end = match.index + match[0].length;
    const [, closing, name, attributes = "", self, plain] = match;
    const parent = open.at(-1)!;
    if (plain !== undefined) parent.children.push(decoded(plain));
    else if (closing) {
      if (parent.name !== name) throw new Error(`</${name}> closes <${parent.name}>: …${text.slice(end - 80, end)}`);
      open.pop();
    } else if (name !== undefined) {
      const element: Element = { name, attributes: readAttributes(attributes, name), children: [] };
      parent.children.push(element);
      if (!self && !voids.has(name)) open.push(element);
    }
  }
  if (end !== text.length) throw new Error(`no markup: ${text.slice(end, end + 80)}`);
  if (open.length > 1) throw new Error(`<${open.at(-1)!.name}> is not closed`);
  return root;
}

function readAttributes(text: string, element: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name, value = ""] of text.matchAll(/([^\s"'<>/=]+)(?:="([^"]*)")?/g)) {
    if (Object.hasOwn(found, name!)) throw new Error(`<${element}> has ${name} twice`);
    found[name!] = decoded(value);
  }
  return found;
}

/** All elements in `element` that have this name, or this class where it begins with a dot. */
export function all(element: Element, what: string): Element[] {
  const children = element.children.filter((child) => typeof child !== "string");
  const fits = ({ name, attributes }: Element) =>
    what.startsWith(".") ? (attributes.class ?? "").split(" ").includes(what.slice(1)) : name === what;
  return children.flatMap((child) => [...(fits(child) ? [child] : []), ...all(child, what)]);
}

/** What is read of an element. */
export const textOf = (element: Element): string =>
  element.children.map((child) => typeof child === "string" ? child : textOf(child)).join("");

/** What a strict Content-Security-Policy refuses, what takes the focus, and ids that are there twice. */
export function faultsOf(element: Element): string[] {
  const faults: string[] = [];
  const ids = new Set<string>();
  const visit = ({ name, attributes, children }: Element) => {
    if (name === "style" || (name === "script" && attributes.src === undefined)) faults.push(`<${name}> in the page`);
    for (const key of Object.keys(attributes)) {
      if (/^(?:style|autofocus|on.*|hx-on.*)$/i.test(key)) faults.push(`<${name} ${key}>`);
    }
    if (/^\s*(?:javascript|js):/i.test(attributes.href ?? "")) faults.push(`<${name} href="${attributes.href}">`);
    if (attributes.id !== undefined && ids.has(attributes.id)) faults.push(`two elements are #${attributes.id}`);
    if (attributes.id !== undefined) ids.add(attributes.id);
    for (const child of children) if (typeof child !== "string") visit(child);
  };
  visit(element);
  return faults;
}
