import type { Slot } from "../plugin.ts";
import { withVersion } from "../image/reference.ts";

/** What a slot holds with another version of the same artifact in it. Throws `InvalidReference`. */
export function movedTo({ type, current, prefix }: Slot, version: { tag: string; digest?: string }): string {
  return type === "chart" ? `${prefix}${version.tag}` : withVersion(current, version);
}
