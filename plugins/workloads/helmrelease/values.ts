import type { HelmRelease } from "./release.ts";
import type { Slot, SlotNote, SlotReading } from "../../../core/plugin.ts";

/** The annotation that names images in a release's values, without `headwind.sh/`. */
export const VALUES_IMAGES = "values-images";

/** Paths in `spec.values`, as `helm --set` writes them: `image.tag`, `sidecars[0].image.tag`, `a\.b.tag`. */
interface ImagePaths {
  registry?: string[];
  repository: string[];
  tag: string[];
}

const MAX_NAME_LENGTH = 63;
const MAX_TEXT_LENGTH = 1024;
/** Images that are followed in one release's values. */
const MAX_IMAGES = 50;

/** The images in a release's values that its annotation names. */
export function valuesSlots({ metadata, spec }: HelmRelease): SlotReading {
  const annotation = metadata.annotations?.[`headwind.sh/${VALUES_IMAGES}`];
  if (annotation === undefined) return { slots: [] };
  const slots: Slot[] = [];
  const notes: SlotNote[] = [];
  const refuse = (message: string) =>
    notes.push({ reason: "InvalidAnnotation", message: `headwind.sh/${VALUES_IMAGES}: ${message}`, type: "Warning" });
  const entries = entriesOf(annotation);
  // that it is still named there is tested too, unless that is too much to be carried along
  const named = annotation.length <= MAX_TEXT_LENGTH
    ? [{ pointer: `/metadata/annotations/headwind.sh~1${VALUES_IMAGES}`, value: annotation }]
    : [];
  if (entries.length > MAX_IMAGES) refuse(`${entries.length} are named, of which the first ${MAX_IMAGES} are followed`);
  for (const text of entries.slice(0, MAX_IMAGES)) {
    const paths = readPaths(text);
    if (!paths) {
      refuse(
        `${JSON.stringify(text.slice(0, 128))} is not of the form repository:tag, such as image.repository:image.tag`,
      );
      continue;
    }
    const missing = [...imageOf(paths), paths.tag].find((path) => textAt(spec?.values, path) === undefined);
    if (missing) {
      refuse(
        `spec.values has no text at ${missing.join(".").slice(0, 128)}: what is to be followed has to be written there`,
      );
      continue;
    }
    const slot = slotOf(paths, (path) => textAt(spec?.values, path)!, named);
    if (slots.some(({ name }) => name === slot.name)) refuse(`${slot.name} is named twice`);
    else slots.push(slot);
  }
  return { slots, notes };
}

/** Of `spec.values` the texts that an annotation names, in objects alone, of lists too; undefined where there are none. */
export function keepValues(values: unknown, annotation: string): object | undefined {
  const kept = emptyObject();
  for (const entry of entriesOf(annotation).slice(0, MAX_IMAGES)) {
    const paths = readPaths(entry);
    for (const path of paths ? [...imageOf(paths), paths.tag] : []) {
      const text = textAt(values, path);
      if (text !== undefined) put(kept, path, text);
    }
  }
  return Object.keys(kept).length > 0 ? kept : undefined;
}

/** Without a prototype, so that any name is a key like others. */
const emptyObject = () => Object.create(null) as Record<string, unknown>;

function put(into: Record<string, unknown>, path: string[], text: string): void {
  let at = into;
  for (const part of path.slice(0, -1)) at = (at[part] ??= emptyObject()) as Record<string, unknown>;
  at[path.at(-1)!] = text;
}

/** What is before the tag. */
const imageOf = ({ registry, repository }: ImagePaths): string[][] => [...(registry ? [registry] : []), repository];

function slotOf(paths: ImagePaths, textOf: (path: string[]) => string, named: Slot["guards"]): Slot {
  const { tag } = paths;
  const image = imageOf(paths);
  const prefix = `${image.map(textOf).join("/")}:`;
  return {
    name: nameOf(tag),
    type: "image",
    init: false,
    current: `${prefix}${textOf(tag)}`,
    pointer: pointerOf(tag),
    prefix,
    guards: [...named, ...image.map((path) => ({ pointer: pointerOf(path), value: textOf(path) }))],
  };
}

/** `values.image` for `image.tag`: a name that fits where containers' names go. */
function nameOf(tag: string[]): string {
  const path = tag.length > 1 ? tag.slice(0, -1) : tag;
  return ["values", ...path].join(".").slice(-MAX_NAME_LENGTH);
}

const entriesOf = (annotation: string) =>
  annotation.split(",").map((text) => text.trim()).filter((text) => text !== "");

function readPaths(text: string): ImagePaths | undefined {
  const [names = "", tagText, ...rest] = text.split(":");
  const paths = names.split("/").map(readPath);
  const tag = readPath(tagText ?? "");
  if (rest.length > 0 || tag === undefined || paths.length > 2 || paths.includes(undefined)) return undefined;
  const [first, second] = paths as [string[], string[]?];
  return second ? { registry: first, repository: second, tag } : { repository: first, tag };
}

function readPath(text: string): string[] | undefined {
  const parts = text.trim().replaceAll(/\[(\d+)\]/g, ".$1").match(/(?:\\.|[^.\\])+/g) ?? [];
  const whole = parts.join(".") === text.trim().replaceAll(/\[(\d+)\]/g, ".$1");
  return parts.length === 0 || !whole ? undefined : parts.map((part) => part.replaceAll(/\\(.)/g, "$1"));
}

function textAt(values: unknown, path: string[]): string | undefined {
  let value = values;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return typeof value === "string" && value !== "" && value.length <= MAX_TEXT_LENGTH ? value : undefined;
}

const pointerOf = (path: string[]) =>
  `/spec/values/${path.map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1")).join("/")}`;
