import { readReference } from "../../core/versions/compare.ts";

/** What stands behind the name of an image or a chart: `1.3.0`, `edge@sha256:…`. Of anything else all of it. */
export function versionOf(image: string): string {
  const reference = readReference(image);
  if (!reference) return image;
  const { tag, digest } = reference;
  return [tag ?? (digest ? "" : "latest"), ...(digest ? [digest] : [])].join("@");
}

/** For people: of a digest, enough to tell it from another. */
export function shortened(text: string): string {
  return text.replaceAll(/sha256:([0-9a-f]{7})[0-9a-f]{57}/g, "$1");
}
