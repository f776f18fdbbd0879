import type { Slot } from "../plugin.ts";
import { withVersion } from "../image/reference.ts";

/** The name of what a slot is a version of, where only the version stands there: a chart. */
export const chartOf = ({ prefix }: Pick<Slot, "prefix">): string => prefix.slice(0, -1);

/** The part of a reference that stands in a slot: of a chart its version, or a range of them. */
export const versionIn = ({ prefix }: Pick<Slot, "prefix">, reference: string): string =>
  reference.slice(prefix.length);

/** What a slot holds with another version of the same artifact in it. Throws `InvalidReference`. */
export function movedTo({ type, current, prefix }: Slot, version: { tag: string; digest?: string }): string {
  return type === "chart" ? `${prefix}${version.tag}` : withVersion(current, version);
}
