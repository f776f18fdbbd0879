import { parseReference } from "../../core/image/reference.ts";

/** What stands behind an image's name: `1.3.0`, `edge@sha256:…`. */
export function versionOf(image: string): string {
  const { tag, digest } = parseReference(image);
  return [tag ?? (digest ? "" : "latest"), ...(digest ? [digest] : [])].join("@");
}

/** For people: of a digest, enough to tell it from another. */
export function shortened(text: string): string {
  return text.replaceAll(/sha256:([0-9a-f]{7})[0-9a-f]{57}/g, "$1");
}
