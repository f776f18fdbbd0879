import type { Page } from "./page.ts";

/** A page, and what the path names that led to it. */
export interface Found {
  page: Page;
  params: Record<string, string>;
}

/** The page at a path, as hono's routes find it; undefined where there is none. */
export function pageAt(pages: readonly Page[], path: string): Found | undefined {
  const parts = path.split("/");
  for (const page of pages) {
    const params = match(page.path.split("/"), parts);
    if (params) return { page, params };
  }
  return undefined;
}

function match(wanted: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (wanted.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, want] of wanted.entries()) {
    const part = parts[index]!;
    if (!want.startsWith(":")) {
      if (want !== part) return undefined;
    } else {
      if (part === "") return undefined;
      params[want.slice(1)] = decoded(part);
    }
  }
  return params;
}

/** What is no valid encoding names nothing, as it stands. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
