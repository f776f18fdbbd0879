import { scanHeader } from "./header_scan.ts";

/**
 * The target of the first link with `rel="next"` in a `Link` header, as it is written there; undefined when there is none.
 *
 * Source: RFC 8288, section 3.
 */
export function nextLink(header: string | null): string | undefined {
  const scan = scanHeader(header ?? "");
  while (!scan.done()) {
    scan.separators();
    if (!scan.is("<")) {
      scan.until(",");
      continue;
    }
    const target = scan.until(">");
    let rel: string | undefined;
    scan.space();
    while (scan.is(";")) {
      scan.space();
      const name = scan.token()?.toLowerCase();
      scan.space();
      const value = scan.is("=") ? (scan.space(), scan.quoted() ?? scan.bare()) : undefined;
      if (name === "rel") rel ??= value;
      scan.space();
    }
    if (rel?.toLowerCase().split(/\s+/).includes("next")) return target.trim();
  }
  return undefined;
}
