import { readReference, sameRepository } from "./compare.ts";

const digits = 12;

/** What tells an image from others of its repository: `1.2.0`, `latest@sha256:0123456789ab`. The image itself where it has none. */
export function versionText(image: string): string {
  const read = readReference(image);
  if (!read) return image;
  const digest = read.digest?.replace(/:(.*)$/, (_, hex: string) => `:${hex.slice(0, digits)}`);
  if (read.tag === undefined && digest === undefined) return "latest";
  return [read.tag, digest].filter((part) => part !== undefined).join("@");
}

/** A change in few words; whole images where the repository changes too. */
export function changeText(from: string, to: string): [from: string, to: string] {
  return sameRepository(from, to) ? [versionText(from), versionText(to)] : [from, to];
}
