import { hash } from "node:crypto";
import { section } from "../layout.ts";
import type { Rendered } from "../render.ts";

/** What a page shows at one moment, as far as it moves by itself. */
export interface Picture {
  title: string;
  /** The sections of its live regions, by their ids. */
  sections: ReadonlyMap<string, string>;
}

export async function pictureOf({ title, regions }: Rendered): Promise<Picture> {
  const sections = new Map<string, string>();
  for (const region of regions) if (region.live) sections.set(region.id, String(await section(region)));
  return { title, sections };
}

/** Two pictures of a replica have the same name if they show the same. */
export function nameOf({ title, sections }: Picture, replica: string): string {
  const parts = [title, ...[...sections].flat()];
  return `${replica.replace(/[^\w.-]/g, "")}-${hash("sha256", parts.join("\0"), "base64url").slice(0, 16)}`;
}

/** What of a picture is another than before. The regions of a page are the same at each time; an empty one has an empty section. */
export function changedSince(before: Picture, { title, sections }: Picture): Partial<Picture> {
  const changed = [...sections].filter(([id, text]) => before.sections.get(id) !== text);
  return {
    ...(title === before.title ? {} : { title }),
    ...(changed.length > 0 ? { sections: new Map(changed) } : {}),
  };
}
