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

/** What is kept of a picture, to tell what changes: of each section its hash. */
export interface Outline {
  title: string;
  sections: ReadonlyMap<string, string>;
}

const hashed = (text: string): string => hash("sha256", text, "base64url");

export const outlineOf = ({ title, sections }: Picture): Outline => ({
  title,
  sections: new Map([...sections].map(([id, text]) => [id, hashed(text)])),
});

/** Two pictures of a replica have the same name if they show the same. */
export function nameOf({ title, sections }: Outline, replica: string): string {
  const parts = [title, ...[...sections].flat()];
  return `${replica.replace(/[^\w.-]/g, "")}-${hashed(parts.join("\0")).slice(0, 16)}`;
}

/** What of a picture is another than before. The regions of a page are the same at each time; an empty one has an empty section. */
export function changedSince(before: Outline, { title, sections }: Picture): Partial<Picture> {
  const changed = [...sections].filter(([id, text]) => before.sections.get(id) !== hashed(text));
  return {
    ...(title === before.title ? {} : { title }),
    ...(changed.length > 0 ? { sections: new Map(changed) } : {}),
  };
}
